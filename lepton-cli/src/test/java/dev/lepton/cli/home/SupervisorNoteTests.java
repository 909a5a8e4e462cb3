package dev.lepton.cli.home;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@EnabledOnOs(OS.LINUX)
class SupervisorNoteTests {

    private static final ProcessHandle THIS = ProcessHandle.current();
    private static final Instant BEGUN = THIS.info().startInstant().orElseThrow();

    @TempDir private Path folder;

    private final KernelStart start = Objects.requireNonNull(KernelStart.of(THIS.pid()));

    @Test
    void theWriterIsKnownAgainAfterTheClockWasSetForward() throws IOException {
        // The start is now an hour later, by the wall clock, than the writer took it for.
        Instant written = BEGUN.minus(Duration.ofHours(1));

        assertThat(writer(written, start.bootId(), start.ticks())).contains(THIS);
    }

    @Test
    void aProcessThatHasGotItsPidLaterIsNotTheWriter() throws IOException {
        assertThat(writer(BEGUN, start.bootId(), start.ticks() - 1)).isEmpty();
    }

    @Test
    void aProcessOfALaterBootIsNotTheWriter() throws IOException {
        assertThat(writer(BEGUN, "another boot", start.ticks())).isEmpty();
    }

    private Optional<ProcessHandle> writer(Instant startedAt, String bootId, long ticks)
            throws IOException {
        Home home = new Home(folder);
        Files.createDirectories(home.supervisor());
        Files.writeString(
                home.note(),
                """
                {"pid":%d,"url":"http://127.0.0.1:1","startedAt":"%s","bootId":"%s","startTicks":%d}
                """
                        .formatted(THIS.pid(), startedAt, bootId, ticks));
        return SupervisorNote.read(home).orElseThrow().process();
    }
}
