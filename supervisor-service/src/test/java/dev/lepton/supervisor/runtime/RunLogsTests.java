package dev.lepton.supervisor.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lepton.client.unit.StartId;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunLogsTests {

    private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");

    @TempDir Path folder;

    @Test
    void aRunsFileIsNamedByItsStartAndItsStartId() throws Exception {
        StartId start = StartId.parse("0b9f6a52-6d0c-4b54-9a0e-3f8f5b1c7d11");

        Path file = new RunLogs(folder.resolve("worker-1")).begin(start, NOW);

        assertThat(file)
                .isEqualTo(folder.resolve("worker-1/20261122-120000-0b9f6a52.log"))
                .isEmptyFile();
    }

    @Test
    void theFilesOfTheLastTenRunsAreKept() throws Exception {
        RunLogs logs = new RunLogs(folder);
        for (int i = 0; i < 15; i++) {
            logs.begin(StartId.random(), NOW.plusSeconds(i));
        }

        assertThat(logs.files())
                .hasSize(10)
                .first()
                .extracting(file -> file.getFileName().toString().substring(0, 15))
                .isEqualTo("20261122-120005");
    }

    @Test
    void aFileOfExactlyTheLimitIsLeftAlone() throws Exception {
        Path file = Files.writeString(folder.resolve("x.log"), "a".repeat(1000));

        RunLogs.bound(file, 1000, 100);

        assertThat(file).hasSize(1000);
    }

    @Test
    void aFileThatIsTooLongKeepsItsEndAndItsWriterGoesOn() throws Exception {
        Path file = folder.resolve("x.log");
        try (OutputStream writer =
                Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            writer.write(("a".repeat(999) + "END").getBytes(StandardCharsets.UTF_8));

            RunLogs.bound(file, 1000, 5);
            writer.write("more".getBytes(StandardCharsets.UTF_8));
        }

        assertThat(file).hasContent("--- cut at 1000 bytes, the last 5 follow ---\naaENDmore");
    }

    @Test
    void theLastLineIsTheLastOneWithText() throws Exception {
        Path file =
                Files.writeString(folder.resolve("x.log"), "one\n\u001b[31mtwo\u0007 three\n\n");

        assertThat(RunLogs.lastLine(file, 100)).isEqualTo("[31mtwo  three");
        assertThat(RunLogs.lastLine(file, 4)).isEqualTo("[31m…");
        assertThat(RunLogs.lastLine(folder.resolve("missing"), 4)).isEmpty();
    }
}
