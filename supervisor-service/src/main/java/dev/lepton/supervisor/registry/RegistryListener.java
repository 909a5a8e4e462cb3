package dev.lepton.supervisor.registry;

import dev.lepton.client.desired.Desired;
import dev.lepton.client.policy.StoredPolicy;
import dev.lepton.client.unit.StartId;
import dev.lepton.client.unit.UnitId;
import java.time.Duration;
import java.util.Collection;
import java.util.List;

/** Told what the registry says about the units of this node. Must not block. */
public interface RegistryListener {

    /** It has proof that this start hangs. */
    void hangs(UnitId unit, StartId start, String reason);

    /**
     * No registry has confirmed this start, of an exclusive unit that the node beats for, in time.
     *
     * @param left when it must have ended
     */
    void unconfirmed(UnitId unit, StartId start, Duration left);

    /**
     * A registry has refused this start, of a unit that the node beats for, because another start
     * of it may be at work.
     */
    void displaced(UnitId unit, StartId start);

    /** Somebody does not reach this unit, or has not heard of it: it is to be probed now. */
    void doubted(UnitId unit);

    /**
     * What is wanted of all units, whenever that has changed.
     *
     * @param clusterId of the change log that the rows stand in
     */
    void desired(Collection<Desired> rows, String clusterId);

    /** The policies of all services, whenever one has changed. */
    void policies(List<StoredPolicy> policies);
}
