package dev.lepton.registry.evidence;

import dev.lepton.client.unit.NodeName;
import dev.lepton.client.unit.UnitId;
import dev.lepton.registry.time.NanoClock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Units that somebody did not reach, kept in memory until their node's supervisor beats and is
 * asked to probe them. What nobody fetched in time is dropped. Safe for many threads.
 */
public final class ProbeRequests {

    private static final long KEPT_NANOS = Duration.ofSeconds(10).toNanos();

    private final NanoClock clock;
    private final Map<NodeName, Map<UnitId, Long>> asked = new HashMap<>();

    public ProbeRequests(NanoClock clock) {
        this.clock = clock;
    }

    public synchronized void ask(NodeName node, UnitId unit) {
        long now = clock.nanos();
        asked.values().forEach(units -> units.values().removeIf(at -> now - at > KEPT_NANOS));
        asked.values().removeIf(Map::isEmpty);
        asked.computeIfAbsent(node, _ -> new HashMap<>()).put(unit, now);
    }

    /** Those of the node, each handed out once. */
    public synchronized List<UnitId> take(NodeName node) {
        long now = clock.nanos();
        Map<UnitId, Long> units = asked.remove(node);
        return units == null
                ? List.of()
                : units.entrySet().stream()
                        .filter(e -> now - e.getValue() <= KEPT_NANOS)
                        .map(Map.Entry::getKey)
                        .sorted()
                        .toList();
    }
}
