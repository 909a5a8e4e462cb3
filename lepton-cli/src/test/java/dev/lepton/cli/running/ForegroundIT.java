package dev.lepton.cli.running;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lepton.cli.FakeSupervisor;
import dev.lepton.cli.ForegroundLepton;
import dev.lepton.cli.home.Home;
import dev.lepton.cli.home.SupervisorNote;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
class ForegroundIT {

    @TempDir private Path folder;

    private final FakeSupervisor supervisor = new FakeSupervisor();
    private FakeCheckout checkout;
    private Path home;
    private Path output;

    @BeforeEach
    void aCheckoutIsBuilt() {
        checkout = new FakeCheckout(folder);
        home = folder.resolve(".lepton");
        output = folder.resolve("output.txt");
        supervisor.answers("GET /v1/units", 200, units("UP"));
        supervisor.onStop(this::endSupervisor);
    }

    @AfterEach
    void leaveNothingBehind() {
        endSupervisor();
        supervisor.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"TERM", "HUP"})
    void aSignalStopsEverythingInOrderAndIsNoFailure(String signal) throws Exception {
        Process lepton = start();
        awaitOutput("Ctrl-C");
        ProcessHandle process = note().process().orElseThrow();

        signal(signal, lepton);

        assertThat(lepton.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(Files.readString(output)).contains("Stopping Lepton", "Stopped after");
        assertThat(lepton.exitValue()).isZero();
        assertThat(supervisor.calls()).contains("POST /v1/stop");
        assertThat(process.isAlive()).isFalse();
    }

    @Test
    void aSignalWhileUnitsStartStopsThemToo() throws Exception {
        supervisor.answers("GET /v1/units", 200, units("STARTING"));
        Process lepton = start();
        awaitOutput("waiting for worker-1 (STARTING)");

        signal("TERM", lepton);

        assertThat(lepton.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(lepton.exitValue()).as(Files.readString(output)).isZero();
        assertThat(Files.readString(output)).doesNotContain("the supervisor ended");
        assertThat(supervisor.calls()).contains("POST /v1/stop");
    }

    @Test
    void aSupervisorThatDiesLaterEndsTheCommandWithItsLastLines() throws Exception {
        Process lepton = start();
        awaitOutput("Ctrl-C");

        ProcessHandle process = note().process().orElseThrow();
        List<ProcessHandle> children = process.descendants().toList();
        process.destroyForcibly();
        children.forEach(ProcessHandle::destroy);

        assertThat(lepton.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(lepton.exitValue()).isEqualTo(137);
        assertThat(Files.readString(output))
                .contains("started with", "the supervisor ended with exit code 137");
    }

    private Process start() throws IOException {
        List<String> command = new ArrayList<>();
        if (System.getProperty("os.name").equals("Linux")) {
            // A test that runs in the background, or under nohup, ignores these, and so would its
            // children.
            command.addAll(List.of("env", "--default-signal=HUP,INT"));
        }
        command.addAll(
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx64m",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        ForegroundLepton.class.getName(),
                        checkout.folder().toString(),
                        home.toString(),
                        checkout.servingAt(supervisor.url()).toString(),
                        "up"));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
    }

    private void awaitOutput(String text) {
        await().atMost(60, TimeUnit.SECONDS)
                .untilAsserted(() -> assertThat(Files.readString(output)).contains(text));
    }

    private static void signal(String name, Process process) throws Exception {
        int code =
                new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                        .start()
                        .waitFor();
        assertThat(code).isZero();
    }

    private static String units(String state) {
        return """
        {"units":[{"id":"worker-1","service":"worker","state":"%s","pid":43}]}\
        """
                .formatted(state);
    }

    private SupervisorNote note() {
        return SupervisorNote.read(new Home(home)).orElseThrow();
    }

    private void endSupervisor() {
        SupervisorNote.read(new Home(home))
                .flatMap(SupervisorNote::process)
                .ifPresent(ProcessHandle::destroy);
    }
}
