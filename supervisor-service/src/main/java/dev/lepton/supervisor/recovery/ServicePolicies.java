package dev.lepton.supervisor.recovery;

import dev.lepton.client.policy.RecoveryPolicy;
import dev.lepton.client.policy.StoredPolicy;
import dev.lepton.client.unit.ServiceName;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The policy of each service now: as declared, changed by what the registry says. */
public final class ServicePolicies {

    private final Map<ServiceName, UnitPolicy> declared;
    private volatile Map<ServiceName, RecoveryPolicy> changes = Map.of();

    public ServicePolicies(Map<ServiceName, UnitPolicy> declared) {
        this.declared = Map.copyOf(declared);
    }

    public UnitPolicy of(ServiceName service) {
        UnitPolicy own = declared.getOrDefault(service, UnitPolicy.ORDINARY);
        RecoveryPolicy change = changes.get(service);
        return change == null ? own : own.changedBy(change);
    }

    /** What the registry says from now on, of all services. */
    public void changedTo(List<StoredPolicy> stored) {
        changes =
                stored.stream()
                        .collect(Collectors.toMap(StoredPolicy::service, StoredPolicy::policy));
    }
}
