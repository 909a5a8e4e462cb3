package dev.lepton.registry.simulation.promise;

import dev.lepton.client.unit.UnitId;
import dev.lepton.registry.lifecycle.Phase;
import dev.lepton.registry.simulation.happening.Happening;
import dev.lepton.registry.simulation.happening.Happening.Committed;
import dev.lepton.registry.unit.UnitRow;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A start that is drained comes back into routing only when somebody takes the drain back. */
public final class DrainsHold implements Promise {

    private final Map<UnitId, UnitRow> rows = new HashMap<>();

    @Override
    public void see(Happening happening, long now) {
        if (!(happening instanceof Committed(var change, var _, var _)) || change.unit() == null) {
            return;
        }
        UnitRow row = change.unit();
        @Nullable UnitRow before = rows.put(row.id(), row);
        if (before != null
                && before.phase() == Phase.DRAINING
                && before.startId().equals(row.startId())
                && Routing.mayRoute(row)
                && !change.event().equals("undrain")) {
            throw new BrokenPromise(
                    "a drained unit stays out of routing",
                    "%s is %s by %s".formatted(row.id(), row.phase(), change.event()));
        }
    }
}
