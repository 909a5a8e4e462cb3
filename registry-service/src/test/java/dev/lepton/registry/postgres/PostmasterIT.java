package dev.lepton.registry.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** A postmaster that is another process's child, which that one never reaps. */
@EnabledOnOs(OS.LINUX)
class PostmasterIT {

    private Process parent;
    private ProcessHandle child;

    @BeforeEach
    void aProcessRunsThatNobodyWillReap() throws IOException {
        parent =
                new ProcessBuilder("sh", "-c", "sleep 1015 <&- >&- & echo $!; exec sleep 1016")
                        .start();
        try (BufferedReader out = parent.inputReader()) {
            child = ProcessHandle.of(Long.parseLong(out.readLine())).orElseThrow();
        }
        // As long as it is a shell it reaps its child; only the program that takes its place does
        // not.
        Path name = Path.of("/proc", Long.toString(parent.pid()), "comm");
        await().atMost(Duration.ofSeconds(30))
                .until(() -> Files.readString(name).strip().equals("sleep"));
    }

    @AfterEach
    void leaveNothingBehind() {
        child.destroyForcibly();
        parent.destroyForcibly();
    }

    @Test
    void itsEndIsNoticed() throws Exception {
        Postmaster found = Objects.requireNonNull(Postmaster.found(child));
        assertThat(found.runs()).isTrue();

        child.destroyForcibly();

        assertThat(found.exitsWithin(Duration.ofSeconds(30))).isTrue();
        assertThat(found.onExit().get(30, TimeUnit.SECONDS)).isEqualTo(child);
        assertThat(found.runs()).isFalse();
        assertThat(child.isAlive()).as("listed, as it was not reaped").isTrue();
    }

    @Test
    void onceItHasEndedItIsNotFoundAnyMore() {
        Postmaster found = Objects.requireNonNull(Postmaster.found(child));
        child.destroyForcibly();
        assertThat(found.exitsWithin(Duration.ofSeconds(30))).isTrue();

        assertThat(Postmaster.found(child)).isNull();
    }
}
