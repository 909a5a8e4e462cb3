package dev.lepton.supervisor.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lepton.client.unit.StartId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

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

    private static final class Blind implements ProcessTable {

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
