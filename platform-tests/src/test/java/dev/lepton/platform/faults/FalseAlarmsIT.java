package dev.lepton.platform.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lepton.client.unit.UnitState;
import dev.lepton.client.watch.Change;
import dev.lepton.client.watch.Position;
import dev.lepton.platform.load.KeepAliveClient;
import dev.lepton.platform.load.LoadReport;
import dev.lepton.platform.load.MachinePressure;
import dev.lepton.platform.load.OpenLoop;
import dev.lepton.platform.running.Bounds;
import dev.lepton.platform.running.Fault;
import dev.lepton.platform.running.Incident;
import dev.lepton.platform.running.LongRun;
import dev.lepton.platform.running.OnSharedPlatform;
import dev.lepton.platform.running.Platform;
import dev.lepton.platform.running.UnitStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;

/** Whoever watches is starved or stands still, and all that is watched is well. */
@LongRun
@OnSharedPlatform
class FalseAlarmsIT {

    private static final int PER_SECOND = 20;
    private static final Duration LIMIT = Duration.ofSeconds(90);

    /** Longer than the lease of 6 s, so that whoever believes its clock evicts all. */
    private static final Duration SHORTER = Duration.ofSeconds(8);

    private static final Duration STARVATION =
            Bounds.length(Duration.ofMinutes(10), Duration.ofSeconds(20));
    private static final Duration REGISTRY_FROZEN = Bounds.length(Duration.ofSeconds(30), SHORTER);
    private static final Duration POSTGRES_FROZEN = Bounds.length(Duration.ofSeconds(60), SHORTER);
    private static final Duration SUPERVISOR_FROZEN =
            Bounds.length(Duration.ofSeconds(20), SHORTER);

    /** Until then shows what was decided on the ground of old news. */
    private static final Duration AFTERWARDS =
            Bounds.length(Duration.ofSeconds(10), Duration.ofSeconds(4));

    @Test
    void busyLoopsOnEveryProcessorCostNoUnit(Platform platform) throws Exception {
        raisesNoAlarm(
                platform,
                "busy loops on every processor",
                () -> {
                    try (BusyLoops _ = BusyLoops.onEveryProcessor()) {
                        Trial.pause(STARVATION);
                    }
                });
    }

    @Test
    void aFrozenRegistryCostsNoUnit(Platform platform) throws Exception {
        long registry = platform.unit("registry").livePid();
        raisesNoAlarm(
                platform,
                "SIGSTOP of the registry",
                () ->
                        frozenWithItsSupervisor(
                                platform, () -> Frozen.of(registry), REGISTRY_FROZEN));
    }

    @Test
    void aFrozenPostgresCostsNoUnit(Platform platform) throws Exception {
        raisesNoAlarm(
                platform,
                "SIGSTOP of PostgreSQL",
                () ->
                        frozenWithItsSupervisor(
                                platform,
                                () -> Frozen.tree(postmaster(platform)),
                                POSTGRES_FROZEN));
    }

    /** A supervisor would replace what stands still long before the time is over. */
    private static void frozenWithItsSupervisor(
            Platform platform, Callable<Frozen> part, Duration length) throws Exception {
        try (Frozen _ = Frozen.of(platform.supervisor().pid());
                Frozen _ = part.call()) {
            Trial.pause(length);
        }
    }

    @Test
    void aFrozenPostgresThatIsReplacedCostsNoOtherUnit(Platform platform) throws Exception {
        UnitStatus postgres = platform.unit("postgres");
        raisesNoAlarm(
                platform,
                "SIGSTOP of PostgreSQL, with a supervisor that replaces it",
                Set.of("postgres"),
                () -> {
                    try (Frozen _ = Frozen.tree(postmaster(platform))) {
                        awaitReplaced(platform, postgres);
                    }
                });
    }

    private static void awaitReplaced(Platform platform, UnitStatus unit) {
        platform.awaitWithin(
                LIMIT,
                () ->
                        platform.unit(unit.id()).state() == UnitState.UP
                                && platform.unit(unit.id()).livePid() != unit.livePid());
    }

    private static long postmaster(Platform platform) throws IOException {
        Path file = platform.home().resolve("postgres/data/postmaster.pid");
        return Long.parseLong(Files.readAllLines(file).getFirst().strip());
    }

    @Test
    void aFrozenSupervisorCostsNoUnit(Platform platform) throws Exception {
        raisesNoAlarm(
                platform,
                "SIGSTOP of the supervisor",
                () -> {
                    try (Frozen _ = Frozen.of(platform.supervisor().pid())) {
                        Trial.pause(SUPERVISOR_FROZEN);
                    }
                });
    }

    private static void raisesNoAlarm(Platform platform, String what, Fault disturbance)
            throws Exception {
        raisesNoAlarm(platform, what, Set.of(), disturbance);
    }

    /**
     * @param replaced those that are recovered because they are what is disturbed
     */
    private static void raisesNoAlarm(
            Platform platform, String what, Set<String> replaced, Fault disturbance)
            throws Exception {
        List<UnitStatus> units = unitsBut(platform, replaced);
        List<Incident> incidents = platform.records().incidents();
        Position position = platform.records().position();
        MachinePressure pressure = MachinePressure.now();

        LoadReport report;
        try (KeepAliveClient client = platform.client();
                OpenLoop load = OpenLoop.start(PER_SECOND, () -> ask(client))) {
            disturbance.happen();
            platform.awaitReady();
            Trial.pause(AFTERWARDS);
            report = load.stop();
        }

        System.out.println(what + ": " + report);
        System.out.println("  the machine: " + MachinePressure.now().since(pressure));
        List<Change> changes = platform.records().changesSince(position);
        System.out.println("  changes: " + changes.stream().map(FalseAlarmsIT::words).toList());
        assertThat(report.failures()).as("failed requests").isEmpty();
        assertThat(changes).noneMatch(change -> change.to() == UnitState.DOWN);
        // Some may have been starved; whoever was blind suspects all of them.
        assertThat(
                        changes.stream()
                                .filter(change -> change.to() == UnitState.SUSPECT)
                                .map(Change::unitId)
                                .distinct())
                .as("suspected units")
                .hasSizeLessThan((int) units.stream().filter(u -> u.incarnation() != null).count());
        assertThat(unitsBut(platform, replaced)).isEqualTo(units);
        assertThat(platform.records().incidents()).isEqualTo(incidents);
    }

    private static List<UnitStatus> unitsBut(Platform platform, Set<String> some)
            throws IOException {
        return platform.units().stream().filter(u -> !some.contains(u.id())).toList();
    }

    private static String words(Change change) {
        return change.unitId() + " " + change.event() + " " + change.reason();
    }

    /** Both of a unit that beats for itself, and of one that its supervisor beats for. */
    private static String ask(KeepAliveClient gateway) throws IOException {
        gateway.get("/files/build.md").ok();
        return Greeting.ask(gateway).text();
    }
}
