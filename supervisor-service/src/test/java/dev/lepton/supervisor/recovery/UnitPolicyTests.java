package dev.lepton.supervisor.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lepton.client.policy.RecoveryPolicy;
import dev.lepton.client.policy.RestartStrategy;
import dev.lepton.client.policy.RestartType;
import dev.lepton.client.policy.StoredPolicy;
import dev.lepton.client.unit.ServiceName;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class UnitPolicyTests {

    private static final ServiceName WEB = new ServiceName("web");

    @Test
    void whatTheRegistryDoesNotSayStaysAsDeclared() {
        assertThat(UnitPolicy.ORDINARY.changedBy(RecoveryPolicy.UNSAID))
                .isEqualTo(UnitPolicy.ORDINARY);
    }

    @Test
    void whatTheRegistrySaysHolds() {
        RecoveryPolicy said =
                new RecoveryPolicy(
                        RestartType.TRANSIENT,
                        RestartStrategy.ONE_FOR_ALL,
                        1,
                        Duration.ofSeconds(2),
                        3,
                        Duration.ofSeconds(4),
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(6),
                        Duration.ofSeconds(7),
                        Duration.ofSeconds(8),
                        9,
                        Set.of(10),
                        11,
                        Duration.ofSeconds(12),
                        true);

        assertThat(UnitPolicy.ORDINARY.changedBy(said))
                .isEqualTo(
                        new UnitPolicy(
                                new RestartPolicy(
                                        RestartType.TRANSIENT,
                                        1,
                                        Duration.ofSeconds(2),
                                        3,
                                        Duration.ofSeconds(4),
                                        Duration.ofSeconds(5),
                                        Duration.ofSeconds(6),
                                        Duration.ofSeconds(7),
                                        Set.of(10)),
                                RestartStrategy.ONE_FOR_ALL,
                                Duration.ofSeconds(8),
                                9,
                                11,
                                Duration.ofSeconds(12),
                                true));
    }

    @Test
    void aPolicyThatTheRegistryNoLongerHasIsAsDeclaredAgain() {
        ServicePolicies policies = new ServicePolicies(Map.of(WEB, UnitPolicy.ORDINARY));
        RecoveryPolicy said =
                new RecoveryPolicy(
                        RestartType.TEMPORARY,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null);

        policies.changedTo(List.of(new StoredPolicy(WEB, 1, said, null, null, Instant.EPOCH)));
        assertThat(policies.of(WEB).restart().type()).isEqualTo(RestartType.TEMPORARY);

        policies.changedTo(List.of());
        assertThat(policies.of(WEB)).isEqualTo(UnitPolicy.ORDINARY);
    }

    @Test
    void aTrialIsNeverFurtherAwayThanTheProbation() {
        Instant now = Instant.parse("2026-11-22T12:00:00Z");
        Duration probation = UnitPolicy.ORDINARY.probation();

        assertThat(untilTrial(now, now.minusNanos(1))).isZero();
        assertThat(untilTrial(now, now)).isZero();
        assertThat(untilTrial(now, now.plusNanos(1))).isEqualTo(Duration.ofNanos(1));
        assertThat(untilTrial(now, now.plus(probation))).isEqualTo(probation);
        assertThat(untilTrial(now, now.plus(probation).plusNanos(1))).isEqualTo(probation);
    }

    private static Duration untilTrial(Instant now, Instant at) {
        return UnitPolicy.ORDINARY.untilTrial(at, now);
    }
}
