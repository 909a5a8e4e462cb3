package dev.lepton.registry.simulation.promise;

import dev.lepton.client.unit.StartId;
import dev.lepton.client.unit.UnitId;
import dev.lepton.registry.lease.Preserving;
import dev.lepton.registry.lifecycle.Phase;
import dev.lepton.registry.simulation.happening.Happening;
import dev.lepton.registry.simulation.happening.Happening.BeatTaken;
import dev.lepton.registry.simulation.happening.Happening.Committed;
import dev.lepton.registry.simulation.happening.Happening.Looked;
import dev.lepton.registry.simulation.postgres.Tables;
import dev.lepton.registry.unit.UnitRow;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * P2: a silent unit leaves routing within the lease and a second, unless its service is preserved
 * or the registry was blind meanwhile.
 */
public final class SilentUnitsLeave implements Promise {

    private static final Duration PROMISED = Duration.ofSeconds(1);

    private final Tables tables;
    private final Duration lease;
    private final Duration goneAfter;
    private final Duration latest;
    private final ReplicaMarks marks;
    private final Map<UUID, Sight> sights = new HashMap<>();
    private final Map<StartId, Long> lastBeats = new HashMap<>();
    private final Map<UnitId, Long> cameUp = new HashMap<>();
    private long preservedAt = Long.MIN_VALUE;

    public SilentUnitsLeave(Tables tables, Duration lease, Duration goneAfter, Duration latest) {
        this.tables = tables;
        this.lease = lease;
        this.goneAfter = goneAfter;
        this.latest = latest;
        // A gap seems longer to a leader that looks four times a second.
        this.marks = new ReplicaMarks(goneAfter.dividedBy(2).toNanos());
    }

    @Override
    public void see(Happening happening, long now) {
        marks.see(happening, now);
        if (happening instanceof BeatTaken(var _, var start)) {
            lastBeats.put(start, now);
        } else if (happening instanceof Committed(var change, var _, var _)
                && change.unit() != null
                && change.unit().phase() == Phase.UP) {
            cameUp.put(change.unitId(), now);
        } else if (happening instanceof Looked look) {
            sights.computeIfAbsent(look.replica(), _ -> new Sight(latest.toNanos()))
                    .looked(look, now);
        }
    }

    @Override
    public void look(long now) {
        if (preserving()) {
            preservedAt = now;
        }
        Sight sight = leadersSight();
        Long sighted = sight == null ? null : sight.since(now);
        if (sight == null || sighted == null) {
            return;
        }
        long from = Math.max(sighted, preservedAt);
        for (UnitRow row : tables.units()) {
            if (Routing.mayRoute(row) && sight.lastLook() > deadline(row, from, now)) {
                throw new BrokenPromise(
                        "P2 a silent unit leaves routing within the lease and a second",
                        "%s is %s since its last beat at %.3f s (%s)"
                                .formatted(
                                        row.id(),
                                        row.phase(),
                                        lastBeats.getOrDefault(row.startId(), 0L) / 1e9,
                                        row.reason()));
            }
        }
    }

    private long deadline(UnitRow row, long sighted, long now) {
        long from =
                Math.max(
                        Math.max(sighted, cameUp.getOrDefault(row.id(), 0L)),
                        lastBeats.getOrDefault(row.startId(), 0L));
        ReplicaMarks.Pulse pulse = marks.behind(row.startId());
        if (pulse != null && now - pulse.last() > goneAfter.toNanos()) {
            // Its clients get the time to find out and to move.
            from = Math.max(from, pulse.last()) + goneAfter.toNanos();
        } else if (pulse != null) {
            from = Math.max(from, pulse.freshSince());
        }
        return from + lease.plus(PROMISED).toNanos();
    }

    /** Of the replica that leads by the row; null when nobody does. */
    private @Nullable Sight leadersSight() {
        return sights.values().stream()
                .filter(sight -> Objects.equals(sight.epoch(), tables.leader().epoch()))
                .findFirst()
                .orElse(null);
    }

    private boolean preserving() {
        return tables.units().stream().anyMatch(Preserving::holds);
    }
}
