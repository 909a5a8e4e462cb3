package dev.lepton.platform.faults;

import dev.lepton.platform.load.Sample;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What was seen of slots in the course of time, and every look that broke their rule: one routable
 * holder anywhere, never an earlier one again, and one living start on a node.
 */
final class SlotLog {

    /**
     * Who an observer takes for a slot.
     *
     * @param incarnation of the start that holds it
     */
    record Holder(String slot, long incarnation) {}

    private final Map<String, Long> newest = new HashMap<>();
    private final Map<String, Integer> looks = new TreeMap<>();
    private final Set<String> broken = new LinkedHashSet<>();

    /** One look at all slots to which requests may be sent. */
    synchronized void routable(String observer, List<Holder> holders) {
        looks.merge(observer, 1, Integer::sum);
        Map<String, Holder> seen = new HashMap<>();
        for (Holder holder : holders) {
            Holder other = seen.put(holder.slot(), holder);
            if (other != null) {
                broken.add("%s: both %s and %s are routable".formatted(observer, other, holder));
            }
            long latest = newest.merge(observer + holder.slot(), holder.incarnation(), Math::max);
            if (latest > holder.incarnation()) {
                broken.add(
                        "%s: %s is routable again after incarnation %d"
                                .formatted(observer, holder, latest));
            }
        }
    }

    /** One look at the starts of each slot of which processes live on a node. */
    synchronized void living(String node, Map<String, Set<String>> starts) {
        looks.merge(node, 1, Integer::sum);
        starts.forEach((slot, alive) -> {
            if (alive.size() > 1) {
                broken.add("%s: %s has the live starts %s".formatted(node, slot, alive));
            }
        });
    }

    /** Answers to requests that were sent after a later start of the same slot had answered. */
    synchronized void answered(List<Sample> samples) {
        Map<String, Long> latest = new HashMap<>();
        Map<String, Long> since = new HashMap<>();
        samples.stream()
                .filter(sample -> sample.by() != null)
                .sorted(Comparator.comparingLong(Sample::doneNanos))
                .forEach(sample -> {
                    Greeting by = Greeting.of(sample);
                    long before = latest.getOrDefault(by.unit(), 0L);
                    if (by.incarnation() > before) {
                        latest.put(by.unit(), by.incarnation());
                        since.put(by.unit(), sample.doneNanos());
                    } else if (by.incarnation() < before
                            && sample.sentNanos() - since.get(by.unit()) > 0) {
                        broken.add(
                                "%s answered as incarnation %d after incarnation %d had"
                                        .formatted(by.unit(), by.incarnation(), before));
                    }
                });
    }

    /** How many looks each observer has had. */
    synchronized Map<String, Integer> looks() {
        return Map.copyOf(looks);
    }

    synchronized List<String> broken() {
        return List.copyOf(broken);
    }
}
