package dev.lepton.supervisor.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.lepton.client.unit.StartId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcTableTests {

    private static final String BOOT = "this boot";
    private static final ProcessMark MARK = new ProcessMark(4711, Instant.EPOCH, BOOT, 1234L);

    @TempDir Path proc;

    private ProcTable table;

    @BeforeEach
    void makeTheTable() {
        table = new ProcTable(proc, BOOT);
    }

    @Test
    void aProcessOfThatPidAndStartRuns() throws IOException {
        stat('S', 1234);

        assertThat(table.runs(MARK)).isTrue();
    }

    @Test
    void aProcessThatHasGotThePidLaterIsAnotherOne() throws IOException {
        stat('S', 1235);

        assertThat(table.runs(MARK)).isFalse();
    }

    @Test
    void aZombieDoesNotRun() throws IOException {
        stat('Z', 1234);

        assertThat(table.runs(MARK)).isFalse();
    }

    @Test
    void aProcessThatIsNotListedIsGone() {
        assertThat(table.runs(MARK)).isFalse();
        assertThat(table.find(MARK, StartId.random())).isEmpty();
    }

    @Test
    void aProcessThatCannotBeLookedAtIsNotTakenForGone() throws IOException {
        cannotBeRead("4711/stat");

        assertThat(table.runs(MARK)).isTrue();
        assertThatExceptionOfType(UncheckedIOException.class)
                .isThrownBy(() -> table.find(MARK, StartId.random()));
    }

    @Test
    void whoElseIsThereIsNotSaidWhenOneCannotBeLookedAt() throws IOException {
        stat('Z', 1234);
        cannotBeRead("4712/stat");

        assertThatExceptionOfType(UncheckedIOException.class)
                .isThrownBy(() -> table.others(MARK, StartId.random()));
    }

    @Test
    void aProcessThatCannotBeAskedForItsStartIsNotTakenForAnother() throws IOException {
        stat('S', 1234);
        cannotBeRead("4711/environ");

        assertThatExceptionOfType(UncheckedIOException.class)
                .isThrownBy(() -> table.find(MARK, StartId.random()));
    }

    @Test
    void everyProcessOfThisMachineCanBeLookedAt() {
        assumeTrue(ProcTable.available());

        assertThat(new ProcTable().search(StartId.random())).isEmpty();
    }

    private void stat(char state, long startTicks) throws IOException {
        Files.createDirectories(proc.resolve("4711"));
        Files.writeString(
                proc.resolve("4711/stat"),
                "4711 (a ) b) %c 1 4711 4711%s %d 4096 0\n"
                        .formatted(state, " 0".repeat(15), startTicks));
    }

    /** Opening a folder works and reading it fails, for whoever tries. */
    private void cannotBeRead(String name) throws IOException {
        Files.createDirectories(proc.resolve(name));
    }
}
