package dev.lepton.supervisor;

import dev.lepton.client.desired.Desired;
import dev.lepton.client.policy.StoredPolicy;
import dev.lepton.client.unit.StartId;
import dev.lepton.client.unit.UnitId;
import dev.lepton.supervisor.container.KnownStarts;
import dev.lepton.supervisor.recovery.ServicePolicies;
import dev.lepton.supervisor.registry.RegistryListener;
import dev.lepton.supervisor.supervision.Supervision;
import java.time.Duration;
import java.util.Collection;
import java.util.List;

/** Does with the units of this node what the registry says, and keeps its policies for later. */
record RegistryFollower(
        Supervision supervision, KnownStarts starts, ServicePolicies policies, PolicyFile file)
        implements RegistryListener {

    @Override
    public void hangs(UnitId unit, StartId start, String reason) {
        supervision.hangs(unit, starts.runOf(start).orElse(start), reason);
    }

    @Override
    public void unconfirmed(UnitId unit, StartId start, Duration left) {
        supervision.unconfirmed(unit, starts.runOf(start).orElse(start), left);
    }

    @Override
    public void displaced(UnitId unit, StartId start) {
        supervision.displaced(unit, start);
    }

    @Override
    public void doubted(UnitId unit) {
        supervision.probeNow(unit);
    }

    @Override
    public void desired(Collection<Desired> rows, String clusterId) {
        supervision.follow(rows, clusterId);
    }

    @Override
    public void policies(List<StoredPolicy> stored) {
        policies.changedTo(stored);
        file.write(stored);
    }
}
