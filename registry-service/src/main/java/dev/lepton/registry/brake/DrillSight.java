package dev.lepton.registry.brake;

import dev.lepton.client.unit.UnitId;
import dev.lepton.registry.brake.BrakeState.OpenPermit;
import dev.lepton.registry.lifecycle.Phase;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a drill must not add to.
 *
 * @param units of the service, in any order
 * @param openIncidents of the service
 */
record DrillSight(List<UnitPhase> units, long openIncidents) {

    /** Where a unit stands. */
    record UnitPhase(UnitId unit, Phase phase) {}

    /** Why no unit of the service is to be made to fail now, null when this one may be. */
    @Nullable String objection(UnitId unit, List<OpenPermit> open) {
        for (UnitPhase each : units) {
            if (each.phase() != Phase.UP) {
                return "'%s' is %s; a drill needs every unit of the service UP"
                        .formatted(each.unit(), each.phase().state());
            }
        }
        if (units.stream().allMatch(each -> each.unit().equals(unit))) {
            return "'%s' is the only unit of its service; a drill needs another one that serves"
                    .formatted(unit);
        }
        if (!open.isEmpty()) {
            return "'%s' is being recovered; a drill waits for nobody"
                    .formatted(open.getFirst().unit());
        }
        return openIncidents == 0
                ? null
                : "%d incidents of the service are open; a drill must not add to them"
                        .formatted(openIncidents);
    }
}
