package dev.lepton.registry.simulation.promise;

import dev.lepton.client.unit.StartId;
import dev.lepton.client.unit.UnitId;
import dev.lepton.registry.lifecycle.Lifecycle;
import dev.lepton.registry.simulation.happening.Happening;
import dev.lepton.registry.simulation.happening.Happening.BeatRefused;
import dev.lepton.registry.simulation.happening.Happening.Committed;
import dev.lepton.registry.unit.UnitRow;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** The start that holds a unit in PostgreSQL is told neither 404 nor 409, whichever it asks. */
public final class HoldersAreKnown implements Promise {

    private record Holder(StartId start, long since) {}

    private final Map<UnitId, Holder> holders = new HashMap<>();
    private final Set<StartId> over = new HashSet<>();

    @Override
    public void see(Happening happening, long now) {
        if (happening instanceof Committed(var change, var _, var _) && change.unit() != null) {
            stored(change.unit(), now);
        } else if (happening instanceof BeatRefused(var unit, var start, long asked)) {
            Holder holder = holders.get(unit);
            if (holder != null && holder.start.equals(start) && holder.since <= asked) {
                throw new BrokenPromise(
                        "404 and 409 only after the row was read",
                        "start %s of %s holds it since %d and was refused"
                                .formatted(start, unit, holder.since));
            }
        }
    }

    private void stored(UnitRow row, long now) {
        if (Lifecycle.startOver(row.phase())) {
            over.add(row.startId());
        }
        Holder before = holders.get(row.id());
        if (row.forgotten() || over.contains(row.startId())) {
            holders.remove(row.id());
        } else if (before == null || !before.start.equals(row.startId())) {
            holders.put(row.id(), new Holder(row.startId(), now));
        }
    }
}
