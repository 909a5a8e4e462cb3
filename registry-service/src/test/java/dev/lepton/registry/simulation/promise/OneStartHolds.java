package dev.lepton.registry.simulation.promise;

import dev.lepton.client.unit.StartId;
import dev.lepton.client.unit.UnitId;
import dev.lepton.registry.lifecycle.Lifecycle;
import dev.lepton.registry.simulation.happening.Happening;
import dev.lepton.registry.simulation.happening.Happening.Committed;
import dev.lepton.registry.unit.UnitRow;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** P10: never two routable starts of a slot: one that was superseded or has ended stays out. */
public final class OneStartHolds implements Promise {

    private final Map<UnitId, UnitRow> rows = new HashMap<>();
    private final Set<StartId> over = new HashSet<>();

    @Override
    public void see(Happening happening, long now) {
        if (!(happening instanceof Committed(var change, var _, var _)) || change.unit() == null) {
            return;
        }
        UnitRow row = change.unit();
        @Nullable UnitRow before = rows.put(row.id(), row);
        if (before != null && !before.startId().equals(row.startId())) {
            over.add(before.startId());
            require(row.incarnation() > before.incarnation(), row, "its incarnation did not grow");
        }
        if (Lifecycle.startOver(row.phase())) {
            over.add(row.startId());
        } else {
            require(!over.contains(row.startId()), row, "its start was over before");
        }
    }

    private static void require(boolean holds, UnitRow row, String why) {
        if (!holds) {
            throw new BrokenPromise(
                    "P10 a slot never has two routable processes",
                    "%s is %s as incarnation %d, start %s: %s"
                            .formatted(
                                    row.id(), row.phase(), row.incarnation(), row.startId(), why));
        }
    }
}
