package dev.lepton.registry.evidence;

import dev.lepton.client.unit.UnitId;
import dev.lepton.registry.unit.UnitRow;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Who fails to reach which unit now, judged by this process's monotonic clock since it saw what was
 * told change. What was there when the looks began, or began anew, may be of any age and counts for
 * nothing. Not safe for several threads.
 */
public final class Failures {

    /** How long the word of an observer counts. */
    public static final Duration FRESH = Duration.ofSeconds(5);

    private final Map<Key, Told> told = new HashMap<>();
    private boolean fromNowOn = true;

    /**
     * Forgets all; what is there at the next look counts for nothing, what is told after it does.
     */
    public void refresh() {
        told.clear();
        fromNowOn = true;
    }

    /** Takes in all that was told, as it is at one look. */
    public void look(long now, Collection<Observation> all) {
        boolean baseline = fromNowOn;
        fromNowOn = false;
        Map<Key, Told> before = Map.copyOf(told);
        told.clear();
        all.forEach(o -> told.put(Key.of(o), told(o, before.get(Key.of(o)), baseline, now)));
    }

    private static Told told(Observation last, @Nullable Told before, boolean baseline, long now) {
        if (baseline) {
            return new Told(last, now, false);
        }
        return before != null && before.last.seq() == last.seq()
                ? before
                : new Told(last, now, true);
    }

    /** What was told of this start of the unit a moment ago, one from each observer. */
    public List<Observation> of(UnitRow unit, long now) {
        return told.values().stream()
                .filter(t -> t.last.unit().equals(unit.id()))
                .filter(t -> t.last.start().equals(unit.startId()))
                .filter(t -> t.counts && now - t.at <= FRESH.toNanos())
                .map(Told::last)
                .toList();
    }

    private record Key(UnitId unit, String observer) {
        static Key of(Observation observation) {
            return new Key(observation.unit(), observation.observer());
        }
    }

    /**
     * @param counts whether it is known to be no older than {@code at}
     */
    private record Told(Observation last, long at, boolean counts) {}
}
