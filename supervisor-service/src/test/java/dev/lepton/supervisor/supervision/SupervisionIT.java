package dev.lepton.supervisor.supervision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lepton.client.unit.StartId;
import dev.lepton.client.unit.UnitId;
import dev.lepton.client.unit.UnitState;
import dev.lepton.supervisor.TinyUnit;
import dev.lepton.supervisor.declaration.Declaration;
import dev.lepton.supervisor.declaration.DeclarationReader;
import dev.lepton.supervisor.declaration.ServiceDeclaration;
import dev.lepton.supervisor.home.LeptonHome;
import dev.lepton.supervisor.journal.Journal;
import dev.lepton.supervisor.journal.UnitRecord;
import dev.lepton.supervisor.recovery.ServicePolicies;
import dev.lepton.supervisor.registry.NoRegistry;
import dev.lepton.supervisor.runtime.Exit;
import dev.lepton.supervisor.runtime.LaunchSpec;
import dev.lepton.supervisor.runtime.Next;
import dev.lepton.supervisor.runtime.ProcessMark;
import dev.lepton.supervisor.runtime.ProcessRuntime;
import dev.lepton.supervisor.runtime.Run;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class SupervisionIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration NOTICE_BOUND = Duration.ofMillis(200);
    private static final int TOLERANCE = Boolean.getBoolean("lepton.endurance") ? 1 : 3;

    @TempDir Path folder;

    private final ScheduledExecutorService poller = Executors.newSingleThreadScheduledExecutor();
    private final NetworkProber prober = new NetworkProber(Duration.ofSeconds(1));
    private final Map<String, Long> exitSeenNanos = new ConcurrentHashMap<>();
    private final List<Process> strangers = new ArrayList<>();
    private LeptonHome home;
    private Journal journal;
    private ProcessRuntime runtime;
    private Supervision supervision;

    @BeforeEach
    void makeTheHome() throws IOException {
        home = new LeptonHome(folder.resolve(".lepton")).create();
        journal = new Journal(home.journal());
        Map<String, String> environment = new HashMap<>(System.getenv());
        environment.put("NOT_FOR_UNITS", "secret");
        runtime = new ProcessRuntime(environment, poller);
    }

    @AfterEach
    void stopEverything() throws Exception {
        if (supervision != null) {
            supervision.stopAll("the test ends").get(60, TimeUnit.SECONDS);
        }
        strangers.forEach(Process::destroyForcibly);
        poller.shutdownNow();
        prober.close();
    }

    @Test
    void aUnitIsStartedOnlyAfterItsDependencyAnswers() throws Exception {
        begin(
                """
                services:
                  base: { command: [%s], beater: none, probe: { path: /health } }
                  web: { command: [%s], probe: { path: /health }, depends-on: [base] }
                """
                        .formatted(TinyUnit.command("500"), TinyUnit.command()));

        awaitState("web-1", UnitState.UP);

        assertThat(stamp("web-1", "begins")).isGreaterThanOrEqualTo(stamp("base", "listens"));
    }

    @Test
    void aKilledUnitIsNoticedAtOnceAndRestarted() {
        begin(sleeper("worker", ""));
        awaitState("worker-1", UnitState.UP);
        long pid = status("worker-1").pid();

        long killed = System.nanoTime();
        kill9(pid);
        await().atMost(PATIENCE).until(() -> exitSeenNanos.containsKey("worker-1"));
        Duration noticed = Duration.ofNanos(exitSeenNanos.get("worker-1") - killed);
        System.out.printf(
                "kill -9 noticed after %d ms (bound %d ms)%n",
                noticed.toMillis(), NOTICE_BOUND.toMillis());

        assertThat(noticed).isLessThan(NOTICE_BOUND.multipliedBy(TOLERANCE));
        awaitState("worker-1", UnitState.UP);
        assertThat(status("worker-1").pid()).isNotEqualTo(pid);
        assertThat(status("worker-1").restarts()).isEqualTo(1);
    }

    @Test
    void aCrashLoopEndsInQuarantineAndKeepsALogOfEachRun() throws Exception {
        begin(
                """
                services:
                  broken:
                    command: [sh, -c, "echo cannot find the moon; exit 3"]
                    beater: none
                    probe: none
                    restart: { first-delay: 10ms, max-delay: 50ms }
                """);

        awaitState("broken", UnitState.QUARANTINED);

        assertThat(status("broken").reason())
                .isEqualTo(
                        "exit code 3, last line: cannot find the moon; 5 restarts within PT1M, the limit is 5");
        try (Stream<Path> logs = Files.list(home.logs(new UnitId("broken")))) {
            assertThat(logs).hasSize(6);
        }
    }

    @Test
    void exitCode78IsNotRetried() {
        begin("services: { broken: { command: [sh, -c, exit 78], beater: none } }");

        awaitState("broken", UnitState.QUARANTINED);

        assertThat(status("broken").reason()).isEqualTo("exit code 78 is not retried");
        assertThat(status("broken").restarts()).isZero();
    }

    @Test
    void aProgramThatDoesNotExistIsQuarantinedWithItsName() {
        begin(
                """
                services:
                  broken:
                    command: [no-such-program]
                    beater: none
                    restart: { intensity: 1, first-delay: 10ms }
                """);

        awaitState("broken", UnitState.QUARANTINED);

        assertThat(status("broken").reason()).contains("no-such-program");
    }

    @Test
    void unitsStopInReverseOrder() throws Exception {
        Path record = folder.resolve("order");
        String service =
                "  %s: { command: [sh, -c, 'trap \"echo %s >> %s; exit 0\" TERM; echo armed; while :; do sleep 0.05; done'], beater: none, probe: none, depends-on: [%s] }\n";
        begin(
                "services:\n"
                        + service.formatted("base", "base", record, "")
                        + service.formatted("middle", "middle", record, "base")
                        + service.formatted("web", "web", record, "middle"));
        List.of("base", "middle", "web").forEach(unit -> awaitState(unit, UnitState.UP));
        // A shell sets its trap a moment after it has begun to run.
        List.of("base", "middle", "web").forEach(this::awaitArmed);

        supervision.stopAll("test").get(60, TimeUnit.SECONDS);

        assertThat(Files.readAllLines(record)).containsExactly("web", "middle", "base");
    }

    @Test
    void aUnitThatIgnoresSigtermIsKilledAtItsDeadlineWithAllItsDescendants() throws Exception {
        begin(
                """
                services:
                  stubborn:
                    command: [sh, -c, 'trap "" TERM; sleep 1001 & setsid sleep 1002 & echo armed; while :; do sleep 0.1; done']
                    beater: none
                    probe: none
                    stop: { timeout: 1s }
                """);
        awaitState("stubborn", UnitState.UP);
        awaitArmed("stubborn");
        List<ProcessHandle> all =
                new ArrayList<>(
                        ProcessHandle.of(status("stubborn").pid())
                                .orElseThrow()
                                .descendants()
                                .toList());
        ProcessHandle.of(status("stubborn").pid()).ifPresent(all::add);
        assertThat(all).hasSizeGreaterThanOrEqualTo(3);

        long begun = System.nanoTime();
        supervision.stopAll("test").get(60, TimeUnit.SECONDS);

        assertThat(Duration.ofNanos(System.nanoTime() - begun))
                .isGreaterThan(Duration.ofSeconds(1));
        await().atMost(PATIENCE).until(() -> all.stream().noneMatch(SupervisionIT::runs));
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void whatACrashedProcessLeavesBehindIsGoneBeforeTheNextStarts() throws Exception {
        Path children = folder.resolve("children");
        begin(
                """
                services:
                  worker:
                    command: [sh, -c, 'sleep 1003 & echo $! >> %s; wait']
                    beater: none
                    probe: none
                """
                        .formatted(children));
        awaitState("worker", UnitState.UP);
        await().atMost(PATIENCE)
                .until(() -> Files.exists(children) && Files.readAllLines(children).size() == 1);

        kill9(status("worker").pid());
        await().atMost(PATIENCE).until(() -> Files.readAllLines(children).size() == 2);

        assertThat(running(children, 0)).isFalse();
        assertThat(running(children, 1)).isTrue();
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void aUnitRunsInItsOwnSessionWithACleanEnvironment() throws Exception {
        begin(sleeper("worker", "env: { OWN: value }"));
        awaitState("worker-1", UnitState.UP);
        long pid = status("worker-1").pid();

        Set<String> variables = new TreeSet<>();
        for (String variable : Files.readString(Path.of("/proc/" + pid + "/environ")).split("\0")) {
            variables.add(variable.substring(0, variable.indexOf('=')));
        }
        String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));

        assertThat(stat.substring(stat.lastIndexOf(')') + 2).split(" ")[3])
                .isEqualTo(String.valueOf(pid));
        assertThat(variables)
                .contains("LEPTON_UNIT_ID", "LEPTON_START_ID", "LEPTON_PORT", "OWN", "PATH")
                .doesNotContain("NOT_FOR_UNITS");
        assertThat(Files.readSymbolicLink(Path.of("/proc/" + pid + "/fd/0")))
                .isEqualTo(Path.of("/dev/null"));
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void aNewSupervisorFindsAProcessWhosePidWasNotYetWrittenDown() throws Exception {
        StartId start = StartId.random();
        Run run = startAlone(start);
        journal.write(
                UnitRecord.unknown(new UnitId("worker-1"))
                        .withPorts(20001, null)
                        .beginning(start, folder.resolve("x.log")));

        begin(sleeper("worker", ""));
        awaitState("worker-1", UnitState.UP);

        assertThat(status("worker-1").pid()).isEqualTo(run.pid());
        assertThat(journal.read(new UnitId("worker-1")).process()).isEqualTo(run.mark());
    }

    @Test
    void theEndOfAnAdoptedProcessIsNoticedAndItIsRestarted() throws Exception {
        StartId start = StartId.random();
        Run run = startAlone(start);
        journal.write(
                UnitRecord.unknown(new UnitId("worker-1"))
                        .withPorts(20001, null)
                        .beginning(start, folder.resolve("x.log"))
                        .running(run.mark())
                        .ready(null));
        begin(sleeper("worker", ""));
        awaitState("worker-1", UnitState.UP);
        assertThat(status("worker-1").startId()).isEqualTo(start);

        kill9(run.pid());

        await().atMost(PATIENCE).until(() -> status("worker-1").restarts() == 1);
        awaitState("worker-1", UnitState.UP);
        assertThat(status("worker-1").startId()).isNotEqualTo(start);
    }

    @Test
    void aPidThatBelongsToAnotherProcessNowIsNeverTouched() throws Exception {
        Process stranger = new ProcessBuilder("sleep", "1004").start();
        strangers.add(stranger);
        Run ours = startAlone(StartId.random());
        ProcessMark mark = (ProcessMark) ours.mark();
        ProcessMark reused =
                new ProcessMark(
                        stranger.pid(),
                        mark.startInstant().minusSeconds(3600),
                        mark.bootId(),
                        mark.startTicks() == null ? null : mark.startTicks() - 1000);
        journal.write(
                UnitRecord.unknown(new UnitId("worker-1"))
                        .withPorts(20001, null)
                        .beginning(StartId.random(), folder.resolve("x.log"))
                        .running(reused)
                        .ready(null));

        begin(sleeper("worker", ""));
        awaitState("worker-1", UnitState.UP);
        assertThat(status("worker-1").pid()).isNotEqualTo(stranger.pid());
        supervision.stopAll("test").get(60, TimeUnit.SECONDS);

        assertThat(stranger.isAlive()).isTrue();
        ours.kill(Next.REST);
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void aProcessOfAnotherStartIsNotOursEvenIfItsMarkFits() throws Exception {
        Run other = startAlone(StartId.random());
        journal.write(
                UnitRecord.unknown(new UnitId("worker-1"))
                        .withPorts(20001, null)
                        .beginning(StartId.random(), folder.resolve("x.log"))
                        .running(other.mark())
                        .ready(null));

        begin(sleeper("worker", ""));
        awaitState("worker-1", UnitState.UP);

        assertThat(status("worker-1").pid()).isNotEqualTo(other.pid());
        assertThat(runs(ProcessHandle.of(other.pid()).orElseThrow())).isTrue();
        other.kill(Next.REST);
    }

    @Test
    void aFixedPortThatIsTakenIsToldAndTriedAgain() throws Exception {
        try (ServerSocket taken = new ServerSocket(0)) {
            begin(
                    sleeper(
                            "worker",
                            "port: "
                                    + taken.getLocalPort()
                                    + ", restart: { first-delay: 100ms, max-delay: 200ms, intensity: 100 }"));

            await().atMost(PATIENCE)
                    .until(() ->
                            status("worker-1")
                                    .reason()
                                    .contains(
                                            "port "
                                                    + taken.getLocalPort()
                                                    + " is taken by another process"));
        }
        awaitState("worker-1", UnitState.UP);
    }

    @Test
    void aUnitWhoseOwnPortIsTakenMovesToAnotherOne() throws Exception {
        try (ServerSocket taken = new ServerSocket(0)) {
            journal.write(
                    UnitRecord.unknown(new UnitId("worker-1"))
                            .withPorts(taken.getLocalPort(), null));

            begin(sleeper("worker", ""));
            awaitState("worker-1", UnitState.UP);

            assertThat(status("worker-1").port()).isNotEqualTo(taken.getLocalPort());
        }
    }

    private void begin(String yaml) {
        Declaration declaration;
        try {
            declaration =
                    new DeclarationReader("here", Map.of())
                            .read(Files.writeString(folder.resolve("lepton.yml"), yaml));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Random random = new Random();
        supervision =
                new Supervision(
                        declaration,
                        new Supervision.Tools(
                                runtime,
                                journal,
                                home,
                                new Launches(
                                        declaration.node(),
                                        List.of(),
                                        home.folder(),
                                        home.token(),
                                        Path.of(System.getProperty("java.home"), "bin", "java")),
                                prober,
                                prober,
                                new Ports(random),
                                new StartGate(2),
                                new Recording(),
                                ThreadLoop::new,
                                InstantSource.system(),
                                System::nanoTime,
                                random,
                                Timing.ORDINARY,
                                new ServicePolicies(
                                        declaration.services().values().stream()
                                                .collect(
                                                        Collectors.toMap(
                                                                ServiceDeclaration::name,
                                                                ServiceDeclaration::policy)))));
        supervision.start();
    }

    private static String sleeper(String name, String more) {
        return "services: { %s: { command: [sleep, \"1005\"], probe: none%s } }"
                .formatted(name, more.isEmpty() ? "" : ", " + more);
    }

    /** Starts a process as a supervisor does that is then killed: nobody here waits for it. */
    private Run startAlone(StartId start) throws IOException {
        return runtime.start(
                new LaunchSpec(
                        new UnitId("worker-1"),
                        start,
                        List.of("sleep", "1006"),
                        Map.of("LEPTON_START_ID", start.toString()),
                        folder,
                        folder.resolve("alone.log")));
    }

    private final class Recording extends NoRegistry {

        @Override
        public void exited(
                UnitPlan unit, StartId startId, Exit exit, boolean expected, String reason) {
            exitSeenNanos.putIfAbsent(unit.id().value(), System.nanoTime());
        }
    }

    private UnitStatus status(String unit) {
        return supervision.status(new UnitId(unit)).orElseThrow();
    }

    private void awaitState(String unit, UnitState state) {
        await().atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(20))
                .untilAsserted(() ->
                        assertThat(status(unit).state())
                                .as(status(unit).reason())
                                .isEqualTo(state));
    }

    private void awaitArmed(String unit) {
        await().atMost(PATIENCE)
                .until(() -> Files.readString(status(unit).log()).contains("armed"));
    }

    private long stamp(String unit, String word) throws IOException {
        return Files.readAllLines(status(unit).log()).stream()
                .filter(line -> line.startsWith(word + " "))
                .mapToLong(line -> Long.parseLong(line.substring(word.length() + 1)))
                .findFirst()
                .orElseThrow();
    }

    private static boolean running(Path pids, int line) throws IOException {
        return ProcessHandle.of(Long.parseLong(Files.readAllLines(pids).get(line).strip()))
                .map(SupervisionIT::runs)
                .orElse(false);
    }

    /** Alive, and not just waiting for its parent to take notice of its end. */
    private static boolean runs(ProcessHandle process) {
        try {
            String stat = Files.readString(Path.of("/proc/" + process.pid() + "/stat"));
            return stat.charAt(stat.lastIndexOf(')') + 2) != 'Z';
        } catch (IOException e) {
            return Files.exists(Path.of("/proc/self")) ? false : process.isAlive();
        }
    }

    private static void kill9(long pid) {
        ProcessHandle.of(pid).orElseThrow().destroyForcibly();
    }
}
