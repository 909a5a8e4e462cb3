package dev.lepton.registry.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lepton.client.policy.PolicyChange;
import dev.lepton.client.policy.RecoveryPolicy;
import dev.lepton.client.policy.StoredPolicy;
import dev.lepton.client.rest.ProtocolJson;
import dev.lepton.client.unit.ServiceName;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PolicyDecisionTests {

    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
    private static final ServiceName WORKER = new ServiceName("worker");
    private static final RecoveryPolicy TWO = policy("{\"intensity\":2}");
    private static final RecoveryPolicy THREE = policy("{\"intensity\":3}");
    private static final StoredPolicy STORED =
            new StoredPolicy(WORKER, 4, TWO, "ann", "calmer", NOON.minusSeconds(60));

    @Test
    void firstPolicyIsVersionOne() {
        assertThat(PolicyDecision.decide(WORKER, change(TWO, 0L), null, NOON))
                .isEqualTo(new PolicyDecision.Store(at(1, TWO)));
    }

    @Test
    void changeWithoutAnExpectationIsTheNextVersion() {
        assertThat(PolicyDecision.decide(WORKER, change(THREE, null), STORED, NOON))
                .isEqualTo(new PolicyDecision.Store(at(5, THREE)));
    }

    @Test
    void changeOnTheStoredVersionIsTheNextOne() {
        assertThat(PolicyDecision.decide(WORKER, change(THREE, 4L), STORED, NOON))
                .isEqualTo(new PolicyDecision.Store(at(5, THREE)));
    }

    @Test
    void changeOnAnyOtherVersionIsStale() {
        assertThat(PolicyDecision.decide(WORKER, change(THREE, 3L), STORED, NOON))
                .isEqualTo(
                        new PolicyDecision.Stale(
                                "'expectedVersion' 3 of the policy of service 'worker' is not the"
                                        + " stored version 4"));
        assertThat(PolicyDecision.decide(WORKER, change(TWO, 5L), STORED, NOON))
                .isInstanceOf(PolicyDecision.Stale.class);
        assertThat(PolicyDecision.decide(WORKER, change(TWO, 1L), null, NOON))
                .isInstanceOf(PolicyDecision.Stale.class);
    }

    @Test
    void policyThatIsThereAlreadyStaysAsItIs() {
        assertThat(PolicyDecision.decide(WORKER, change(TWO, null), STORED, NOON))
                .isEqualTo(new PolicyDecision.Unchanged(STORED));
    }

    private static PolicyChange change(RecoveryPolicy policy, @Nullable Long expected) {
        return new PolicyChange(policy, expected, "bob", "as tested");
    }

    private static StoredPolicy at(long version, RecoveryPolicy policy) {
        return new StoredPolicy(WORKER, version, policy, "bob", "as tested", NOON);
    }

    private static RecoveryPolicy policy(String json) {
        return ProtocolJson.lenient().readValue(json, RecoveryPolicy.class);
    }
}
