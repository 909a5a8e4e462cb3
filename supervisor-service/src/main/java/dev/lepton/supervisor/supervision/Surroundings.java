package dev.lepton.supervisor.supervision;

import dev.lepton.client.unit.ServiceName;
import dev.lepton.supervisor.journal.Journal;
import dev.lepton.supervisor.runtime.UnitRuntime;
import java.time.InstantSource;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;

/**
 * What all units share.
 *
 * @param up whether a unit of a service is up
 * @param changed told on the unit's loop whenever the unit has come up
 */
record Surroundings(
        UnitRuntime runtime,
        Journal journal,
        Launches launches,
        Prober prober,
        Ports ports,
        StartGate gate,
        UnitEvents events,
        Predicate<ServiceName> up,
        Runnable changed,
        InstantSource clock,
        LongSupplier nanos,
        RandomGenerator random,
        Timing timing) {}
