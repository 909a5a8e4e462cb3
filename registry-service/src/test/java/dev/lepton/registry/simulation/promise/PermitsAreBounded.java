package dev.lepton.registry.simulation.promise;

import dev.lepton.client.policy.StoredPolicy;
import dev.lepton.client.unit.StartId;
import dev.lepton.client.unit.UnitId;
import dev.lepton.registry.lifecycle.Phase;
import dev.lepton.registry.simulation.happening.Happening;
import dev.lepton.registry.simulation.happening.Happening.Committed;
import dev.lepton.registry.simulation.happening.Happening.KilledByPermit;
import dev.lepton.registry.simulation.happening.Happening.PermitGranted;
import dev.lepton.registry.simulation.happening.Happening.PermitReleased;
import dev.lepton.registry.simulation.postgres.Tables;
import dev.lepton.registry.unit.UnitRow;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * The brake: never more live processes are being ended by permit than may be, and none without one.
 */
public final class PermitsAreBounded implements Promise {

    private record Given(StartId start, long at) {}

    private final Tables tables;
    private final long lastingNanos;
    private final Map<UnitId, Given> open = new HashMap<>();
    private final Set<StartId> given = new HashSet<>();

    /**
     * @param lasting how long a permit counts at most
     */
    public PermitsAreBounded(Tables tables, Duration lasting) {
        this.tables = tables;
        this.lastingNanos = lasting.toNanos();
    }

    @Override
    public void see(Happening happening, long now) {
        if (happening instanceof PermitGranted(var unit, var start)) {
            grant(unit, start, now);
        } else if (happening instanceof PermitReleased(var unit, var start)) {
            given.remove(start);
            open.computeIfPresent(unit, (_, g) -> g.start.equals(start) ? null : g);
        } else if (happening instanceof KilledByPermit(var unit, var start)
                && !given.contains(start)) {
            throw new BrokenPromise(
                    "the brake ends no live process without a permit",
                    "%s is ended, start %s".formatted(unit, start));
        } else if (happening instanceof Committed(var change, var _, var _)
                && change.unit() != null) {
            settle(change.unit());
        }
    }

    private void grant(UnitId unit, StartId start, long now) {
        given.add(start);
        open.values().removeIf(g -> now - g.at >= lastingNanos);
        open.put(unit, new Given(start, now));
        if (open.size() > limit()) {
            throw new BrokenPromise(
                    "the brake is never exceeded",
                    "%d permits count, and the limit is %d: %s"
                            .formatted(open.size(), limit(), open));
        }
    }

    private void settle(UnitRow row) {
        Given permit = open.get(row.id());
        boolean upByAnother =
                permit != null && row.phase() == Phase.UP && !row.startId().equals(permit.start);
        if (upByAnother || row.forgotten() || !recoverable(row)) {
            open.remove(row.id());
        }
    }

    private long limit() {
        StoredPolicy policy = tables.policy();
        Integer wanted = policy == null ? null : policy.policy().maxUnavailable();
        long units = tables.units().stream().filter(PermitsAreBounded::recoverable).count();
        return wanted == null ? Math.max(1, units / 2) : wanted;
    }

    private static boolean recoverable(UnitRow row) {
        return row.phase() != Phase.STOPPED && row.phase() != Phase.QUARANTINED;
    }
}
