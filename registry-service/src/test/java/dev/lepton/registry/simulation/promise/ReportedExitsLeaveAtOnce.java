package dev.lepton.registry.simulation.promise;

import dev.lepton.registry.simulation.happening.Happening;
import dev.lepton.registry.simulation.happening.Happening.ExitAcknowledged;
import dev.lepton.registry.simulation.postgres.Tables;
import dev.lepton.registry.unit.UnitRow;

/** P2: a unit whose exit was reported has left routing before the report is acknowledged. */
public final class ReportedExitsLeaveAtOnce implements Promise {

    private final Tables tables;

    public ReportedExitsLeaveAtOnce(Tables tables) {
        this.tables = tables;
    }

    @Override
    public void see(Happening happening, long now) {
        if (happening instanceof ExitAcknowledged(var unit, var start)) {
            UnitRow row = tables.unit(unit);
            if (row != null && row.startId().equals(start) && Routing.mayRoute(row)) {
                throw new BrokenPromise(
                        "P2 a reported exit leaves routing at once",
                        "%s is still %s".formatted(unit, row.phase()));
            }
        }
    }
}
