package dev.lepton.registry.exclusive;

import dev.lepton.client.heartbeat.FenceTerms;
import dev.lepton.client.policy.StoredPolicy;
import dev.lepton.registry.settings.LeaseSettings;
import dev.lepton.registry.unit.UnitRow;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Which units are exclusive, as the simulation uses it. */
public final class SimulatedExclusivity {

    private SimulatedExclusivity() {}

    /** By when the process of an exclusive unit ends that nobody confirms. */
    public static FenceTerms fence(LeaseSettings settings) {
        return Exclusivity.fence(settings);
    }

    /** When another process may take its place. */
    public static Duration replaceAfter(LeaseSettings settings) {
        return Exclusivity.replaceAfter(settings);
    }

    /**
     * @param policy of the unit's service, null for none
     */
    public static boolean of(UnitRow unit, @Nullable StoredPolicy policy) {
        return ExclusiveUnits.contain(unit, policy == null ? null : policy.policy());
    }
}
