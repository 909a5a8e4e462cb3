package dev.lepton.registry.simulation.promise;

import dev.lepton.client.unit.StartId;
import dev.lepton.registry.simulation.happening.Happening;
import dev.lepton.registry.simulation.happening.Happening.DatabaseCrashed;
import dev.lepton.registry.simulation.happening.Happening.MarkStored;
import dev.lepton.registry.simulation.happening.Happening.ReplicaMarked;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** When each replica's mark was stored, and by which replica the last mark of each start came. */
final class ReplicaMarks {

    /**
     * The marks of one replica.
     *
     * @param last when the last was stored
     * @param freshSince when the first was stored after the last gap
     */
    record Pulse(long last, long freshSince) {}

    private final Map<UUID, Pulse> pulses = new HashMap<>();
    private final Map<StartId, UUID> replicas = new HashMap<>();
    private final Map<StartId, Long> storedAt = new HashMap<>();
    private final long gapNanos;

    /**
     * @param gapNanos between two marks, from which on there is a gap
     */
    ReplicaMarks(long gapNanos) {
        this.gapNanos = gapNanos;
    }

    void see(Happening happening, long now) {
        if (happening instanceof MarkStored(var _, var start, var replica)) {
            replicas.put(start, replica);
            storedAt.put(start, now);
        } else if (happening instanceof DatabaseCrashed(var left)) {
            replicas.clear();
            replicas.putAll(left);
        } else if (happening instanceof ReplicaMarked(var replica)) {
            Pulse before = pulses.get(replica);
            boolean goesOn = before != null && now - before.last <= gapNanos;
            pulses.put(replica, new Pulse(now, goesOn ? before.freshSince : now));
        }
    }

    /** Whether all that is said of a start and its replica was there to be read at this time. */
    boolean knownAt(StartId start, long readAt) {
        Pulse pulse = behind(start);
        return storedAt.getOrDefault(start, 0L) <= readAt
                && (pulse == null || pulse.freshSince <= readAt);
    }

    /** Of the replica through which the last stored beat of a start came; null before the first. */
    @Nullable Pulse behind(StartId start) {
        UUID replica = replicas.get(start);
        return replica == null ? null : pulses.get(replica);
    }
}
