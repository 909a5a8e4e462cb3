package dev.lepton.supervisor.supervision;

import dev.lepton.client.unit.NodeName;
import dev.lepton.client.unit.ServiceName;
import dev.lepton.supervisor.journal.Journal;
import dev.lepton.supervisor.recovery.NodeBrake;
import dev.lepton.supervisor.recovery.ServicePolicies;
import dev.lepton.supervisor.recovery.UnitPolicy;
import dev.lepton.supervisor.runtime.UnitRuntime;
import java.time.InstantSource;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;

/**
 * What all units share.
 *
 * @param up whether a unit of a service is up
 * @param policies as they are now
 * @param brake used when no registry answers
 * @param changed told on the unit's loop whenever the unit has come up
 */
record Surroundings(
        UnitRuntime runtime,
        Journal journal,
        Launches launches,
        Prober prober,
        LifeSigns lifeSigns,
        Ports ports,
        StartGate gate,
        UnitEvents events,
        Predicate<ServiceName> up,
        Runnable changed,
        InstantSource clock,
        LongSupplier nanos,
        RandomGenerator random,
        Timing timing,
        ServicePolicies policies,
        NodeBrake brake,
        NodeName node,
        Function<ServiceName, GroupRestart> groups) {

    GroupRestart group(ServiceName service) {
        return groups.apply(service);
    }

    UnitPolicy policy(UnitPlan plan) {
        return policies.of(plan.service().name());
    }
}
