package dev.lepton.registry.exclusive;

import dev.lepton.client.policy.RecoveryPolicy;
import dev.lepton.client.registration.Registration;
import dev.lepton.registry.unit.UnitRow;
import org.jspecify.annotations.Nullable;

/** Says of a unit whether it is exclusive: the policy, where it says so, before the unit itself. */
final class ExclusiveUnits {

    private ExclusiveUnits() {}

    /**
     * @param policy of the unit's service, null for none
     */
    static boolean contain(UnitRow unit, @Nullable RecoveryPolicy policy) {
        return policy == null || policy.exclusive() == null
                ? "true".equals(unit.labels().get(Registration.EXCLUSIVE_LABEL))
                : policy.exclusive();
    }
}
