package dev.lepton.benchmarks.peer;

import dev.lepton.client.heartbeat.Heartbeat;
import dev.lepton.client.heartbeat.HeartbeatBatch;
import dev.lepton.client.heartbeat.HeartbeatBatch.UnitHeartbeat;
import dev.lepton.client.registration.Registered;
import dev.lepton.client.registration.Registration;
import dev.lepton.client.rest.RegistryClient;
import dev.lepton.client.rest.RegistryRefusal;
import dev.lepton.client.unit.ServiceName;
import dev.lepton.client.unit.StartId;
import dev.lepton.client.unit.UnitAddress;
import dev.lepton.client.unit.UnitId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Stubs of units in the registry, which beat in batches as often as it tells them to. */
public final class LeptonUnits implements AutoCloseable {

    private static final int CALLERS = 16;
    private static final int REGISTRATION_ATTEMPTS = 30;
    private static final Duration REGISTRATION_PAUSE = Duration.ofSeconds(1);

    /**
     * Beats are numbered by the time, so that another who beats for the same units in the same way
     * need not know of these: each has a million numbers in each second, and these take the first.
     */
    public static final long BEATS_A_SECOND = 1_000_000;

    private static final Duration BEAT_TIMEOUT = Duration.ofSeconds(3);

    private final RegistryClient client;
    private final List<Registration> units;
    private final ScheduledExecutorService beater =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().daemon().name("beater").factory());

    private LeptonUnits(RegistryClient client, List<Registration> units) {
        this.client = client;
        this.units = units;
    }

    public static LeptonUnits register(RegistryClient client, List<Registration> units)
            throws InterruptedException {
        LeptonUnits stubs = new LeptonUnits(client, List.copyOf(units));
        Duration interval = stubs.registerAll();
        stubs.beat();
        stubs.beater.scheduleAtFixedRate(
                stubs::beatAgain, interval.toMillis(), interval.toMillis(), TimeUnit.MILLISECONDS);
        return stubs;
    }

    /**
     * One of every service, several of the one that is measured. Those come last: who sees them has
     * seen all.
     */
    static List<Registration> registrations(Setup setup) {
        List<Registration> all = new ArrayList<>();
        for (int i = 1; i < setup.services(); i++) {
            all.add(registration(Setup.service(i), 1, setup.unitPorts().getFirst()));
        }
        for (int i = 0; i < setup.unitPorts().size(); i++) {
            all.add(registration(setup.measuredService(), i + 1, setup.unitPorts().get(i)));
        }
        return all;
    }

    private static Registration registration(String service, int number, int port) {
        return new Registration(
                new UnitId(service + "-" + number),
                StartId.random(),
                new ServiceName(service),
                UnitAddress.http("127.0.0.1", port),
                null,
                null,
                null,
                null,
                null,
                null,
                null);
    }

    /** Returns how often to beat. */
    private Duration registerAll() throws InterruptedException {
        try (ExecutorService callers = Executors.newFixedThreadPool(CALLERS)) {
            List<Future<Registered>> answers =
                    callers.invokeAll(
                            units.stream()
                                    .map(unit ->
                                            (java.util.concurrent.Callable<Registered>)
                                                    () -> registered(unit))
                                    .toList());
            Duration interval = Duration.ZERO;
            for (Future<Registered> answer : answers) {
                interval = answer.get().heartbeatInterval();
            }
            return interval;
        } catch (ExecutionException e) {
            throw new IllegalStateException("the registry did not take the units", e);
        }
    }

    /** A registry that has too much to do asks to come again. */
    private Registered registered(Registration unit) {
        for (int attempt = 1; ; attempt++) {
            try {
                return client.register(unit);
            } catch (RegistryRefusal.Unavailable e) {
                if (attempt == REGISTRATION_ATTEMPTS) {
                    throw e;
                }
                LockSupport.parkNanos(REGISTRATION_PAUSE.toNanos());
            }
        }
    }

    private void beatAgain() {
        try {
            beat();
        } catch (RegistryRefusal e) {
            // The next beat comes before the lease ends.
            System.err.println("a beat was not taken: " + e.getMessage());
        }
    }

    private void beat() {
        long beats = Instant.now().getEpochSecond() * BEATS_A_SECOND;
        for (int from = 0; from < units.size(); from += HeartbeatBatch.LIMIT) {
            List<UnitHeartbeat> batch =
                    units
                            .subList(from, Math.min(units.size(), from + HeartbeatBatch.LIMIT))
                            .stream()
                            .map(unit ->
                                    new UnitHeartbeat(
                                            unit.unitId(),
                                            new Heartbeat(unit.startId(), beats, null, 0, 0, null)))
                            .toList();
            client.beat(new HeartbeatBatch(null, batch), BEAT_TIMEOUT);
        }
    }

    @Override
    public void close() {
        beater.shutdownNow();
    }
}
