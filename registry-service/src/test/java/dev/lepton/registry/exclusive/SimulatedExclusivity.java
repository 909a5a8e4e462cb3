package dev.lepton.registry.exclusive;

import dev.lepton.client.policy.StoredPolicy;
import dev.lepton.registry.unit.UnitRow;
import org.jspecify.annotations.Nullable;

/** Which units are exclusive, as the simulation uses it. */
public final class SimulatedExclusivity {

    private SimulatedExclusivity() {}

    /**
     * @param policy of the unit's service, null for none
     */
    public static boolean of(UnitRow unit, @Nullable StoredPolicy policy) {
        return ExclusiveUnits.contain(unit, policy == null ? null : policy.policy());
    }
}
