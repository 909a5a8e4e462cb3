package dev.lepton.registry.simulation.promise;

import dev.lepton.client.policy.StoredPolicy;
import dev.lepton.registry.simulation.happening.Happening;
import dev.lepton.registry.simulation.happening.Happening.PolicyAcknowledged;
import dev.lepton.registry.simulation.happening.Happening.PolicyStored;
import java.util.ArrayList;
import java.util.List;

/** P1: a policy that was acknowledged is one of the stored versions, which have no gap. */
public final class PoliciesAreKept implements Promise {

    private final List<StoredPolicy> versions = new ArrayList<>();

    @Override
    public void see(Happening happening, long now) {
        if (happening instanceof PolicyStored(var policy)) {
            versions.add(policy);
            require(policy.version() == versions.size(), policy, "follows a gap");
        } else if (happening instanceof PolicyAcknowledged(var policy)) {
            require(versions.contains(policy), policy, "is not stored");
        }
    }

    private static void require(boolean holds, StoredPolicy policy, String why) {
        if (!holds) {
            throw new BrokenPromise(
                    "P1 a policy that was acknowledged is stored", policy + " " + why);
        }
    }
}
