package dev.lepton.registry.watch;

import static dev.lepton.registry.changelog.TestUnits.NOON;
import static dev.lepton.registry.changelog.TestUnits.aUnit;
import static dev.lepton.registry.changelog.TestUnits.move;
import static dev.lepton.registry.changelog.TestUnits.registration;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.lepton.registry.changelog.ChangeWriter;
import dev.lepton.registry.changelog.WriteOutcome.Written;
import dev.lepton.registry.fleet.FleetView;
import dev.lepton.registry.lifecycle.Phase;
import dev.lepton.registry.support.FreshDatabase;
import dev.lepton.registry.support.RunningRegistry;
import dev.lepton.registry.unit.UnitRow;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Many follow a large fleet that changes all the time: when each change is with each of them. */
class WatchFanOutIT {

    private static final boolean ENDURANCE = Boolean.getBoolean("lepton.endurance");
    private static final int CHANGES_PER_SECOND = 50;
    private static final Duration DELIVERED_WITHIN = Duration.ofMillis(250);
    private static final Duration BOUND =
            ENDURANCE ? DELIVERED_WITHIN : DELIVERED_WITHIN.multipliedBy(3);

    @RegisterExtension static final FreshDatabase database = FreshDatabase.migrated();

    private final ConcurrentHashMap<Long, Long> writtenAt = new ConcurrentHashMap<>();
    private final AtomicInteger lists = new AtomicInteger();
    private final AtomicInteger bookmarks = new AtomicInteger();
    private final AtomicInteger delivered = new AtomicInteger();
    private long[] delays = {};

    @Test
    @Timeout(120)
    void fiftyWatchersHaveFiftyChangesASecondInTime() throws Exception {
        fanOut(50, 500, Duration.ofSeconds(2));
    }

    @Test
    @Timeout(400)
    void fiveHundredWatchersOfTenThousandUnitsHaveFiftyChangesASecondInTime() throws Exception {
        assumeTrue(ENDURANCE, "wants a machine that does nothing else: -Pendurance");
        fanOut(500, 10_000, Duration.ofSeconds(20));
    }

    private void fanOut(int watchers, int units, Duration length) throws Exception {
        int changes = (int) length.toSeconds() * CHANGES_PER_SECOND;
        delays = new long[watchers * changes];
        try (RunningRegistry registry =
                RunningRegistry.start(
                        database,
                        "lepton.lifecycle.start-deadline=1h",
                        "lepton.lease.suspect-after=1h",
                        "lepton.lease.duration=2h")) {
            List<UnitRow> fleet = registered(registry, units);
            long without = heapBytes();
            Duration listed = listsReach(registry, watchers);
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> registry.bean(WatchFigures.class).watchers() == 0);
            try (WatcherCrowd crowd =
                    crowd(registry, watchers, "?since=" + position(registry), 0)) {
                await().atMost(Duration.ofSeconds(60)).until(() -> bookmarks.get() >= watchers);
                long with = heapBytes();
                long cpu = cpuNanos();
                long begun = System.nanoTime();
                change(registry, fleet, changes);
                await().atMost(Duration.ofSeconds(60))
                        .until(() -> delivered.get() == watchers * changes);

                double cores = (double) (cpuNanos() - cpu) / (System.nanoTime() - begun);
                Arrays.sort(delays);
                System.out.printf(
                        "%d watchers of %d units: lists after %d ms; %d changes, delivered after p50 %d ms, p99 %d ms, at most %d ms, on %.2f cores with its clients; %d KiB of heap a watcher%n",
                        watchers,
                        units,
                        listed.toMillis(),
                        changes,
                        delays[delays.length / 2] / 1_000_000,
                        delays[delays.length * 99 / 100] / 1_000_000,
                        delays[delays.length - 1] / 1_000_000,
                        cores,
                        (with - without) / 1024 / watchers);
                assertThat(crowd.ended()).isZero();
                assertThat(Duration.ofNanos(delays[delays.length * 99 / 100])).isLessThan(BOUND);
            }
        }
    }

    /** How long until each of so many that come at once has a whole list. */
    private Duration listsReach(RunningRegistry registry, int watchers) throws IOException {
        long bytes = new SharedLists(registry.bean(FleetView.class)).current().deflated().length;
        long begun = System.nanoTime();
        try (WatcherCrowd crowd = crowd(registry, watchers, "", bytes)) {
            await().atMost(Duration.ofSeconds(120)).until(() -> lists.get() == watchers);
            assertThat(crowd.ended()).isZero();
            return Duration.ofNanos(System.nanoTime() - begun);
        }
    }

    private WatcherCrowd crowd(RunningRegistry registry, int watchers, String query, long listBytes)
            throws IOException {
        return new WatcherCrowd(
                registry.port(), registry.token(), query, watchers, listBytes, this::received);
    }

    private void received(String frame) {
        if (frame.startsWith("event: change\nid: ")) {
            long now = System.nanoTime();
            int end = frame.indexOf('\n', 18);
            long revision = Long.parseLong(frame.substring(frame.lastIndexOf(':', end) + 1, end));
            Long written = writtenAt.get(revision);
            if (written != null) {
                delays[delivered.getAndIncrement()] = now - written;
            }
        } else if (frame.startsWith("event: bookmark")) {
            bookmarks.incrementAndGet();
        } else if (frame.startsWith("event: list")) {
            lists.incrementAndGet();
        }
    }

    private static List<UnitRow> registered(RunningRegistry registry, int units) {
        ChangeWriter writer = registry.bean(ChangeWriter.class);
        List<UnitRow> fleet =
                IntStream.range(0, units)
                        .mapToObj(i -> aUnit("fan-%d-%d".formatted(units, i)))
                        .toList();
        List<CompletableFuture<?>> writes = new ArrayList<>();
        fleet.forEach(unit -> writes.add(writer.write(registration(unit))));
        writes.forEach(CompletableFuture::join);
        await().atMost(Duration.ofSeconds(60))
                .until(() -> registry.bean(FleetView.class).units().size() >= units);
        return fleet;
    }

    /** The time counts from when the change is handed to the writer, before it is stored. */
    private void change(RunningRegistry registry, List<UnitRow> fleet, int changes) {
        ChangeWriter writer = registry.bean(ChangeWriter.class);
        long first = registry.bean(FleetView.class).position().revision() + 1;
        long due = System.nanoTime();
        for (int i = 0; i < changes; i++) {
            while (System.nanoTime() - due < 0) {
                LockSupport.parkNanos(due - System.nanoTime());
            }
            due += Duration.ofSeconds(1).toNanos() / CHANGES_PER_SECOND;
            UnitRow unit = fleet.get(i);
            writtenAt.put(first + i, System.nanoTime());
            long revision = first + i;
            writer.write(move(unit, unit.moved(Phase.UP, NOON, "change " + i)))
                    .thenAccept(outcome -> assertThat(outcome).isEqualTo(new Written(revision)));
        }
    }

    private static String position(RunningRegistry registry) {
        return registry.bean(FleetView.class).position().toString();
    }

    private static long cpuNanos() {
        return ProcessHandle.current().info().totalCpuDuration().orElseThrow().toNanos();
    }

    private static long heapBytes() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }
}
