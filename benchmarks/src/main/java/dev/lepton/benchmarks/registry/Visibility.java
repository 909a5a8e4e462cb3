package dev.lepton.benchmarks.registry;

import dev.lepton.benchmarks.peer.LeptonRegistry;
import dev.lepton.benchmarks.peer.Setup;
import dev.lepton.benchmarks.process.Stage;
import dev.lepton.client.heartbeat.Heartbeat;
import dev.lepton.client.heartbeat.HeartbeatBatch;
import dev.lepton.client.heartbeat.HeartbeatBatch.UnitHeartbeat;
import dev.lepton.client.registration.ExitReport;
import dev.lepton.client.registration.Registration;
import dev.lepton.client.rest.RegistryClient;
import dev.lepton.client.rest.RegistryRefusal;
import dev.lepton.client.unit.ServiceName;
import dev.lepton.client.unit.StartId;
import dev.lepton.client.unit.UnitAddress;
import dev.lepton.client.unit.UnitId;
import dev.lepton.client.unit.UnitState;
import dev.lepton.client.watch.UnitWatch;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * How soon watchers know: of units that register, of processes that were seen to end, and of units
 * that fall silent. Measured with a registry of its own that has the settings of by default.
 */
final class Visibility implements AutoCloseable {

    private static final int WATCHERS = 5;
    private static final int EXITS = 50;
    private static final int SILENT = 20;
    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    private static final Duration INTERVAL = Duration.ofSeconds(1);
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration PAUSE = Duration.ofMillis(20);

    private static final double AIM_VISIBLE = 100;
    private static final double AIM_PROVEN = 1_000;

    /** The lease of by default and a second. */
    private static final double AIM_SILENT = 7_000;

    private final RegistryClient client;
    private final List<Sightings> watchers = new ArrayList<>();
    private final Map<UnitId, StartId> beating = new ConcurrentHashMap<>();
    private final Map<UnitId, Long> lastBeat = new ConcurrentHashMap<>();
    private final AtomicLong seq = new AtomicLong();
    private final ScheduledExecutorService beater =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().daemon().name("beater").factory());

    private Visibility(Stage stage, LeptonRegistry registry) {
        client = stage.keep(new RegistryClient(List.of(registry.url()), registry.token(), TIMEOUT));
        for (int i = 0; i < WATCHERS; i++) {
            Sightings sightings = new Sightings();
            watchers.add(sightings);
            stage.keep(new UnitWatch(List.of(registry.url()), registry.token(), null, sightings))
                    .start();
        }
        beater.scheduleAtFixedRate(this::beat, 0, INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Returns a table. */
    static String measure(Stage stage, Setup setup, List<String> jvmOptions, int units)
            throws IOException, InterruptedException {
        LeptonRegistry registry =
                LeptonRegistry.start(setup, "lepton-registry-watched", jvmOptions, List.of());
        try (Visibility visibility = new Visibility(stage, registry)) {
            return visibility.table(units);
        }
    }

    private String table(int units) {
        // The first half makes the registry warm, and the watchers follow by then.
        appearances(1, units);
        List<Delays> appearances = appearances(units + 1, 2 * units);
        Delays proven = exits(units + 1);
        List<Delays> silent = silences(units + EXITS + 1);
        return "| what every one of %d watchers sees | cases | p50 | p99 | longest | aim, p99 | reached |\n"
                        .formatted(WATCHERS)
                + "| --- ".repeat(7)
                + "|\n"
                + appearances.get(0).row("a new unit, from its registration", AIM_VISIBLE)
                + appearances.get(1).row("that it is up, from its first beat", AIM_VISIBLE)
                + proven.row("that a unit is down, from the report of its exit", AIM_PROVEN)
                + silent.get(0).row("that a unit is suspected, from its last beat", AIM_SILENT)
                + silent.get(1).row("that a unit is down, from its last beat", AIM_SILENT);
    }

    /**
     * From the registration until all see the unit, and from its first beat until all see it up.
     */
    private List<Delays> appearances(int first, int last) {
        List<Double> registered = new ArrayList<>();
        List<Double> up = new ArrayList<>();
        for (int number = first; number <= last; number++) {
            UnitId unit = new UnitId("seen-" + number);
            StartId start = StartId.random();
            long asked = System.nanoTime();
            client.register(
                    new Registration(
                            unit,
                            start,
                            new ServiceName("seen"),
                            UnitAddress.http("127.0.0.1", 8080),
                            null,
                            null,
                            null,
                            null,
                            null,
                            null,
                            null));
            registered.add(millisUntilAllSaw(unit, UnitState.STARTING, asked));
            long beaten = System.nanoTime();
            client.beat(unit, heartbeat(start), TIMEOUT);
            beating.put(unit, start);
            up.add(millisUntilAllSaw(unit, UnitState.UP, beaten));
            LockSupport.parkNanos(PAUSE.toNanos());
        }
        return List.of(new Delays(registered), new Delays(up));
    }

    private Delays exits(int first) {
        List<Double> delays = new ArrayList<>();
        for (int number = first; number < first + EXITS; number++) {
            UnitId unit = new UnitId("seen-" + number);
            StartId start = beating.remove(unit);
            long reported = System.nanoTime();
            client.exited(unit, new ExitReport(start, null, 9, false, "killed"));
            delays.add(millisUntilAllSaw(unit, UnitState.DOWN, reported));
            LockSupport.parkNanos(PAUSE.toNanos());
        }
        return new Delays(delays);
    }

    /** All at once: fewer than half of the service, which silence alone may take. */
    private List<Delays> silences(int first) {
        Collection<UnitId> silent = new ArrayList<>();
        for (int number = first; number < first + SILENT; number++) {
            UnitId unit = new UnitId("seen-" + number);
            beating.remove(unit);
            silent.add(unit);
        }
        List<Double> suspected = new ArrayList<>();
        List<Double> down = new ArrayList<>();
        for (UnitId unit : silent) {
            millisUntilAllSaw(unit, UnitState.DOWN, System.nanoTime());
            long last = lastBeat.getOrDefault(unit, 0L);
            suspected.add(millisUntilAllSaw(unit, UnitState.SUSPECT, last));
            down.add(millisUntilAllSaw(unit, UnitState.DOWN, last));
        }
        return List.of(new Delays(suspected), new Delays(down));
    }

    private double millisUntilAllSaw(UnitId unit, UnitState state, long from) {
        long waiting = System.nanoTime();
        double last = 0;
        for (Sightings watcher : watchers) {
            Long seen = watcher.nanos(unit, state);
            while (seen == null) {
                if (System.nanoTime() - waiting > PATIENCE.toNanos()) {
                    throw new IllegalStateException(
                            "a watcher did not see unit '%s' %s within %s"
                                    .formatted(unit, state, PATIENCE));
                }
                LockSupport.parkNanos(200_000);
                seen = watcher.nanos(unit, state);
            }
            last = Math.max(last, (seen - from) / 1e6);
        }
        return last;
    }

    private Heartbeat heartbeat(StartId start) {
        return new Heartbeat(start, seq.incrementAndGet(), null, 0, 0, null);
    }

    private void beat() {
        List<UnitHeartbeat> beats = new ArrayList<>();
        beating.forEach((unit, start) -> beats.add(new UnitHeartbeat(unit, heartbeat(start))));
        for (int from = 0; from < beats.size(); from += HeartbeatBatch.LIMIT) {
            beat(beats.subList(from, Math.min(beats.size(), from + HeartbeatBatch.LIMIT)));
        }
    }

    private void beat(List<UnitHeartbeat> beats) {
        try {
            client.beat(new HeartbeatBatch(null, beats), TIMEOUT);
            // Counted from here, because the registry has just taken them.
            long now = System.nanoTime();
            beats.forEach(beat -> lastBeat.put(beat.unitId(), now));
        } catch (RegistryRefusal e) {
            // The next beat comes before the lease ends.
            System.err.println("a beat was not taken: " + e.getMessage());
        }
    }

    @Override
    public void close() {
        beater.shutdownNow();
    }
}
