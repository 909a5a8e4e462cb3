package dev.lepton.registry.simulation.promise;

import dev.lepton.registry.lifecycle.Phase;
import dev.lepton.registry.unit.UnitRow;

/** Which units requests may be sent to. */
final class Routing {

    private Routing() {}

    static boolean mayRoute(UnitRow row) {
        return !row.forgotten() && (row.phase() == Phase.UP || row.phase() == Phase.SUSPECT);
    }
}
