package dev.lepton.supervisor.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lepton.client.incident.DrillFault;
import dev.lepton.client.unit.StartId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ProcessRunIT {

    private Process process;
    private Run run;

    @BeforeEach
    void aProcessRunsWhoseOthersCannotBeSeen() throws IOException {
        process = new ProcessBuilder("sleep", "1014").start();
        run =
                new ProcessRun(
                        StartId.random(),
                        new ProcessMark(process.pid(), Instant.EPOCH, null, null),
                        process.toHandle(),
                        new Blind(),
                        new CompletableFuture<>());
    }

    @AfterEach
    void leaveNothingBehind() {
        process.destroyForcibly();
    }

    @Test
    void theMainProcessIsTerminatedAllTheSame() throws InterruptedException {
        run.terminate(Next.REST, Duration.ofSeconds(20));

        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(128 + 15);
    }

    @Test
    void theMainProcessIsKilledAllTheSame() throws InterruptedException {
        run.kill(Next.REST);

        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(128 + 9);
    }

    @Test
    void strikeKillsTheMainProcess() throws Exception {
        assertThat(run.strike(DrillFault.KILL).get(60, TimeUnit.SECONDS)).isTrue();

        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(128 + 9);
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void strikeStopsTheMainProcess() throws Exception {
        assertThat(run.strike(DrillFault.HANG).get(60, TimeUnit.SECONDS)).isTrue();

        // A signal takes effect when its process is next given a processor.
        await().atMost(Duration.ofSeconds(60)).until(() -> stateOf(process.pid()).equals("T"));
    }

    @ParameterizedTest
    @EnumSource(DrillFault.class)
    void processThatIsNotOfTheMarkIsNotStruck(DrillFault fault) throws Exception {
        assertThat(runOf(new Gone(0)).strike(fault).get(60, TimeUnit.SECONDS)).isFalse();

        assertThat(process.isAlive()).isTrue();
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void strangerThatGotThePidMeanwhileGoesOn() throws Exception {
        // Ours when it is looked at first, a stranger's when it is looked at again.
        CompletableFuture<Boolean> struck = runOf(new Gone(1)).strike(DrillFault.HANG);

        assertThat(struck.get(60, TimeUnit.SECONDS)).isFalse();
        await().atMost(Duration.ofSeconds(60))
                .until(() -> stateOf(process.pid()), state -> !state.equals("T"));
    }

    private Run runOf(ProcessTable table) {
        return new ProcessRun(
                StartId.random(),
                new ProcessMark(process.pid(), Instant.EPOCH, null, null),
                process.toHandle(),
                table,
                new CompletableFuture<>());
    }

    private static String stateOf(long pid) throws IOException {
        return Files.readString(Path.of("/proc", Long.toString(pid), "stat")).split(" ")[2];
    }

    /** A table in which the process is gone after so many looks. */
    private static final class Gone extends Blind {

        private int looks;

        Gone(int looks) {
            this.looks = looks;
        }

        @Override
        public boolean runs(ProcessMark mark) {
            return looks-- > 0;
        }
    }

    private static class Blind implements ProcessTable {

        @Override
        public ProcessMark mark(ProcessHandle process) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Optional<ProcessHandle> find(ProcessMark mark, StartId startId) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Optional<ProcessHandle> search(StartId startId) {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean runs(ProcessMark mark) {
            return true;
        }

        @Override
        public RunState state(ProcessMark mark) {
            return RunState.RUNNING;
        }

        @Override
        public String description(ProcessMark mark) {
            return "";
        }

        @Override
        public List<ProcessHandle> others(ProcessMark main, StartId startId) {
            throw new UncheckedIOException(new IOException("too many open files"));
        }
    }
}
