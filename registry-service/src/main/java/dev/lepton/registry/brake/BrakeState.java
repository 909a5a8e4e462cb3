package dev.lepton.registry.brake;

import dev.lepton.client.unit.StartId;
import dev.lepton.client.unit.UnitId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the brake of a service knows when it is asked.
 *
 * @param open the permits of the service that are open, by unit
 * @param units how many units of the service could serve now or after a recovery
 * @param policyLimit the limit that the service's policy sets, null when it sets none
 */
record BrakeState(List<OpenPermit> open, int units, @Nullable Integer policyLimit) {

    /** The right to end this start of the unit, given and not yet done with. */
    record OpenPermit(UnitId unit, StartId start) {}
}
