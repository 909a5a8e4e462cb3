package dev.lepton.cli.running;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lepton.cli.Cli;
import dev.lepton.cli.FakeSupervisor;
import dev.lepton.cli.home.Home;
import dev.lepton.cli.home.SupervisorNote;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(120)
class UpAndDownTests {

    private static final String ALL_UP =
            """
            {"units":[
              {"id":"gateway","service":"gateway","state":"UP","address":"http://127.0.0.1:8080","pid":42},
              {"id":"worker-1","service":"worker","state":"UP","address":"http://127.0.0.1:40001","pid":43}]}\
            """;

    @TempDir private Path folder;

    private final FakeSupervisor supervisor = new FakeSupervisor();
    private FakeCheckout checkout;
    private Path home;

    @BeforeEach
    void aCheckoutIsBuilt() {
        checkout = new FakeCheckout(folder);
        home = folder.resolve(".lepton");
        supervisor.answers("GET /v1/units", 200, ALL_UP);
        supervisor.onStop(this::endSupervisor);
    }

    @AfterEach
    void leaveNothingBehind() {
        endSupervisor();
        supervisor.close();
    }

    @Test
    void upDetachedShowsTheUnitsAndAUrlAndLeavesThemRunning() throws IOException {
        Cli.Result up = cli(checkout.servingAt(supervisor.url())).run("up", "--detach");

        assertThat(up.code()).as(up.err()).isZero();
        assertThat(up.out().lines())
                .containsExactly(
                        "UNIT      STATE  ADDRESS                 PID",
                        "gateway   UP     http://127.0.0.1:8080   42",
                        "worker-1  UP     http://127.0.0.1:40001  43",
                        "",
                        "Try it:  curl http://127.0.0.1:8080/worker/hello");
        assertThat(note().process()).isPresent();
        assertThat(Files.readString(home.resolve("logs/supervisor.log")))
                .contains(
                        "-jar " + home.resolve("app/supervisor-service/supervisor-service.jar"),
                        "--lepton.file=" + folder.resolve("lepton.yml"),
                        "--lepton.home=" + home);
        assertThat(home.resolve("app/supervisor-service/lib/a.jar")).isRegularFile();
    }

    @Test
    void aNodeThatWaitsForWhatIsAssignedToItIsUp() {
        supervisor.answers("GET /v1/units", 200, "{\"units\":[]}");

        Cli.Result up = cli(checkout.servingAt(supervisor.url())).run("up", "--detach");

        assertThat(up.code()).as(up.err()).isZero();
        assertThat(up.out()).isEmpty();
        assertThat(up.err())
                .contains("No unit runs here yet: this node starts what is assigned to it.");
    }

    @Test
    void downStopsWhatUpHasStarted() {
        Cli cli = cli(checkout.servingAt(supervisor.url()));
        cli.run("up", "--detach");
        ProcessHandle process = note().process().orElseThrow();

        Cli.Result down = cli.run("down");

        assertThat(down.code()).as(down.err()).isZero();
        assertThat(supervisor.calls()).contains("POST /v1/stop");
        assertThat(process.isAlive()).isFalse();
        assertThat(home).isDirectory();
    }

    @Test
    void downWithPurgeRemovesTheStateAndNothingElse() {
        Cli cli = cli(checkout.servingAt(supervisor.url()));
        cli.run("up", "--detach");

        Cli.Result down = cli.run("down", "--purge");

        assertThat(down.code()).as(down.err()).isZero();
        assertThat(home).doesNotExist();
        assertThat(folder.resolve("lepton.yml")).exists();
        assertThat(cli.run("down", "--purge").code()).isZero();
    }

    @Test
    void downWaitsForTheLockOfASupervisorThatHasJustEnded() throws Exception {
        Cli cli = cli(checkout.servingAt(supervisor.url()));
        cli.run("up", "--detach");
        ProcessHandle process = note().process().orElseThrow();
        Path lock = home.resolve("supervisor/lock");
        try (FileChannel channel =
                FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            FileLock held = channel.lock();

            CompletableFuture<Cli.Result> down =
                    CompletableFuture.supplyAsync(() -> cli.run("down", "--purge"));
            process.onExit().get(60, TimeUnit.SECONDS);
            await().during(Duration.ofMillis(500)).until(() -> !down.isDone());
            held.release();

            assertThat(down.get(60, TimeUnit.SECONDS).code()).isZero();
        }
        assertThat(home).doesNotExist();
    }

    @Test
    void aSupervisorThatCannotBeAskedIsStoppedByASignal() {
        Cli cli = cli(checkout.servingAt(supervisor.url()));
        cli.run("up", "--detach");
        ProcessHandle process = note().process().orElseThrow();
        supervisor.close();

        Cli.Result down = cli.run("down");

        assertThat(down.code()).as(down.err()).isZero();
        assertThat(process.isAlive()).isFalse();
    }

    @Test
    void aSupervisorThatTakesTheCallAndDoesNotAnswerIsStoppedByASignal() {
        Cli cli = cli(checkout.servingAt(supervisor.url()));
        cli.run("up", "--detach");
        ProcessHandle process = note().process().orElseThrow();
        supervisor.freezesAt("POST /v1/stop");

        Cli.Result down = cli.run("down");

        assertThat(down.code()).as(down.err()).isZero();
        assertThat(process.isAlive()).isFalse();
    }

    @Test
    void upInTheForegroundStaysUntilTheSupervisorEnds() throws Exception {
        Cli cli = cli(checkout.servingAt(supervisor.url()));
        CompletableFuture<Cli.Result> up = CompletableFuture.supplyAsync(() -> cli.run("up"));
        await().atMost(60, TimeUnit.SECONDS)
                .until(() -> supervisor.calls().contains("GET /v1/units"));
        assertThat(up).isNotDone();

        Cli.Result down = cli(checkout.folder().resolve("java")).run("down");

        assertThat(down.code()).as(down.err()).isZero();
        assertThat(up.get(60, TimeUnit.SECONDS).code()).isZero();
    }

    @ParameterizedTest
    @CsvSource({"78", "75", "1"})
    void aSupervisorThatDiesEarlyLendsItsExitCodeAndItsLastLines(int code) {
        Path java =
                checkout.program(
                        "i=0; while [ $i -lt 50 ]; do echo line $i; i=$((i+1)); done; printf 'lepton.yml:3: \\033[31mboom\\n'; exit "
                                + code);

        Cli.Result up = cli(java).run("up", "--detach");

        assertThat(up.code()).isEqualTo(code);
        assertThat(up.out()).isEmpty();
        assertThat(up.err())
                .contains("lepton.yml:3: ?[31mboom", "line 49", "exit code " + code)
                .doesNotContain("line 20\n", "\u001b");
    }

    @Test
    void theLogOfAnEarlierRunIsNotTakenForThisOne() throws IOException {
        Files.createDirectories(home.resolve("logs"));
        Files.writeString(home.resolve("logs/supervisor.log"), "an earlier trouble\n");

        Cli.Result up = cli(checkout.program("echo now; exit 1")).run("up", "--detach");

        assertThat(up.err()).contains("now").doesNotContain("an earlier trouble");
        assertThat(Files.readString(home.resolve("logs/supervisor.log")))
                .startsWith("an earlier trouble");
    }

    @Test
    void aUnitThatWasGivenUpIsNamedAndMakesUpFail() {
        supervisor.answers(
                "GET /v1/units",
                200,
                """
                {"units":[{"id":"worker-1","service":"worker","state":"QUARANTINED","reason":"5 restarts within PT60S"}]}\
                """);

        Cli.Result up = cli(checkout.servingAt(supervisor.url())).run("up", "--detach");

        assertThat(up.code()).isEqualTo(1);
        assertThat(up.err())
                .contains("worker-1 is QUARANTINED (5 restarts within PT60S)")
                .contains("./lepton logs worker-1");
    }

    @Test
    void whatIsWaitedForIsSaidUntilAllIsReady() {
        supervisor.answers(
                "GET /v1/units",
                200,
                """
                {"units":[{"id":"registry","service":"registry","state":"STARTING","pid":4},
                          {"id":"worker-1","service":"worker","state":"STOPPED"}]}\
                """);
        supervisor.answers("GET /v1/node", 200, "{\"node\":\"local\",\"ready\":false}");
        Cli cli = cli(checkout.servingAt(supervisor.url()));

        CompletableFuture<Cli.Result> up =
                CompletableFuture.supplyAsync(() -> cli.run("up", "--detach"));
        await().atMost(60, TimeUnit.SECONDS)
                .until(() ->
                        supervisor.calls().stream().filter("GET /v1/units"::equals).count() > 2);
        supervisor.answers("GET /v1/units", 200, ALL_UP);
        supervisor.answers("GET /v1/node", 200, "{\"node\":\"local\",\"ready\":true}");

        assertThat(up.join().code()).isZero();
        assertThat(up.join().err())
                .containsOnlyOnce("waiting for registry (STARTING), worker-1 (STOPPED)");
    }

    @Test
    void aSecondUpOnTheSameFolderIsRefused() throws IOException {
        supervisor.runsOn(home, 4711);
        try (FileChannel lock =
                FileChannel.open(
                        home.resolve("supervisor/lock"),
                        StandardOpenOption.CREATE,
                        StandardOpenOption.WRITE)) {
            lock.lock();

            Cli.Result up = cli(checkout.servingAt(supervisor.url())).run("up", "--detach");

            assertThat(up.code()).isEqualTo(75);
            assertThat(up.err()).hasLineCount(1).contains("pid 4711", "./lepton down");
        }
    }

    @Test
    void aNoteThatADeadSupervisorLeftIsNoObstacle() throws IOException {
        supervisor.runsOn(home, Integer.MAX_VALUE);
        Files.createFile(home.resolve("supervisor/lock"));

        Cli.Result up = cli(checkout.servingAt(supervisor.url())).run("up", "--detach");

        assertThat(up.code()).as(up.err()).isZero();
    }

    @Test
    void aModuleThatIsNotBuiltIsNamed() throws IOException {
        checkout.declared("gateway-service");

        Cli.Result up = cli(checkout.servingAt(supervisor.url())).run("up");

        assertThat(up.code()).isEqualTo(1);
        assertThat(up.err())
                .hasLineCount(1)
                .contains("gateway-service is not built", "./mvnw -DskipTests package");
    }

    @Test
    void everyServiceIsUnpacked() throws IOException {
        checkout.built("gateway-service").built("sample-worker-service");

        cli(checkout.servingAt(supervisor.url())).run("up", "--detach");

        assertThat(home.resolve("app/gateway-service/gateway-service.jar")).isRegularFile();
        assertThat(home.resolve("app/sample-worker-service/sample-worker-service.jar"))
                .isRegularFile();
    }

    @Test
    void aFolderThatIsNoLeptonsProductIsSaidSo(@TempDir Path elsewhere) throws IOException {
        Files.writeString(elsewhere.resolve("lepton.yml"), "");

        Cli.Result up = new Cli(elsewhere, home, Path.of("/nonexistent")).run("up");

        assertThat(up.code()).isEqualTo(1);
        assertThat(up.err()).hasLineCount(1).contains("has no supervisor-service");
    }

    @Test
    void aFolderThatIsNotOurStateIsNotPurged(@TempDir Path precious) throws IOException {
        Files.writeString(precious.resolve("thesis.txt"), "three years");
        Cli cli = cli(checkout.servingAt(supervisor.url()));

        Cli.Result down = cli.run("down", "--purge", "--home", precious.toString());
        Cli.Result own =
                cli.run("down", "--purge", "--home", Path.of("").toAbsolutePath().toString());

        assertThat(down.code()).isEqualTo(2);
        assertThat(own.code()).isEqualTo(2);
        assertThat(precious.resolve("thesis.txt")).exists();
    }

    @Test
    void theStateFolderIsItsOwnersAlone() throws IOException {
        cli(checkout.servingAt(supervisor.url())).run("up", "--detach");

        assertThat(Files.getPosixFilePermissions(home))
                .extracting(Enum::name)
                .allMatch(name -> name.startsWith("OWNER"));
    }

    private Cli cli(Path java) {
        return new Cli(checkout.folder(), home, java);
    }

    private SupervisorNote note() {
        return SupervisorNote.read(new Home(home)).orElseThrow();
    }

    private void endSupervisor() {
        SupervisorNote.read(new Home(home))
                .flatMap(SupervisorNote::process)
                .filter(process -> process.pid() != 4711)
                .ifPresent(ProcessHandle::destroy);
    }
}
