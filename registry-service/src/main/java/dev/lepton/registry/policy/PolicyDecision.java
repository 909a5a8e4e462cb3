package dev.lepton.registry.policy;

import dev.lepton.client.policy.PolicyChange;
import dev.lepton.client.policy.StoredPolicy;
import dev.lepton.client.unit.ServiceName;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What becomes of a change of a policy, given the version that is stored. */
sealed interface PolicyDecision {

    /** The version to store. */
    record Store(StoredPolicy after) implements PolicyDecision {}

    /** The policy is as the change wants it already. */
    record Unchanged(StoredPolicy stored) implements PolicyDecision {}

    /** The change rests on another version than the stored one. */
    record Stale(String why) implements PolicyDecision {}

    static PolicyDecision decide(
            ServiceName service, PolicyChange change, @Nullable StoredPolicy stored, Instant now) {
        long version = stored == null ? 0 : stored.version();
        if (change.expectedVersion() != null && change.expectedVersion() != version) {
            return new Stale(
                    "'expectedVersion' %d of the policy of service '%s' is not the stored version %d"
                            .formatted(change.expectedVersion(), service, version));
        }
        if (stored != null && stored.policy().equals(change.policy())) {
            return new Unchanged(stored);
        }
        return new Store(
                new StoredPolicy(
                        service,
                        version + 1,
                        change.policy(),
                        change.author(),
                        change.reason(),
                        now));
    }
}
