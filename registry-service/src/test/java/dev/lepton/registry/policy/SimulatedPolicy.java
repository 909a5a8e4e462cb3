package dev.lepton.registry.policy;

import dev.lepton.client.policy.PolicyChange;
import dev.lepton.client.policy.StoredPolicy;
import dev.lepton.client.unit.ServiceName;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The {@link PolicyDecision} as the simulation uses it.
 *
 * @param stored what holds from now on
 * @param anew whether it is to be stored
 */
public record SimulatedPolicy(StoredPolicy stored, boolean anew) {

    /** A change to so many units that may be down at once, whatever was there before. */
    public static PolicyChange limitedTo(int maxUnavailable) {
        String json = "{\"maxUnavailable\":%d}".formatted(maxUnavailable);
        return new PolicyChange(PolicyVersion.policy(json), null, null, null);
    }

    public static SimulatedPolicy decide(
            ServiceName service, PolicyChange change, @Nullable StoredPolicy stored, Instant now) {
        return switch (PolicyDecision.decide(service, change, stored, now)) {
            case PolicyDecision.Store(var after) -> new SimulatedPolicy(after, true);
            case PolicyDecision.Unchanged(var same) -> new SimulatedPolicy(same, false);
            case PolicyDecision.Stale(var why) ->
                    throw new IllegalStateException("no change rests on a version here: " + why);
        };
    }
}
