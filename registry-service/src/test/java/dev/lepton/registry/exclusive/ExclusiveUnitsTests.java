package dev.lepton.registry.exclusive;

import static dev.lepton.registry.unit.UnitBuilder.aUnit;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lepton.client.policy.RecoveryPolicy;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ExclusiveUnitsTests {

    @Test
    void unitOfAServiceWithoutAWordIsNot() {
        assertThat(ExclusiveUnits.contain(aUnit("a").row(), null)).isFalse();
        assertThat(ExclusiveUnits.contain(aUnit("a").row(), RecoveryPolicy.UNSAID)).isFalse();
    }

    @Test
    void unitOfAServiceWhosePolicySaysSoIs() {
        assertThat(ExclusiveUnits.contain(aUnit("a").row(), policy(true))).isTrue();
        assertThat(ExclusiveUnits.contain(aUnit("a").row(), policy(false))).isFalse();
        assertThat(ExclusiveUnits.contain(aUnit("a").row(), policy(null))).isFalse();
    }

    private static RecoveryPolicy policy(@Nullable Boolean exclusive) {
        return new RecoveryPolicy(
                null, null, null, null, null, null, null, null, null, null, null, null, null, null,
                exclusive);
    }
}
