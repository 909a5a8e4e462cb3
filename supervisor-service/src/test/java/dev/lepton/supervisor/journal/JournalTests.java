package dev.lepton.supervisor.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lepton.client.incident.Drill;
import dev.lepton.client.incident.DrillFault;
import dev.lepton.client.unit.StartId;
import dev.lepton.client.unit.UnitId;
import dev.lepton.supervisor.journal.UnitRecord.Wish;
import dev.lepton.supervisor.runtime.ContainerMark;
import dev.lepton.supervisor.runtime.ProcessMark;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalTests {

    private static final UnitId UNIT = new UnitId("worker-1");
    private static final Instant NOW = Instant.parse("2026-11-22T12:00:00.123456789Z");

    @TempDir Path folder;

    @Test
    void aRecordIsReadBackAsItWasWritten() {
        UnitRecord entry =
                UnitRecord.unknown(UNIT)
                        .withPorts(20001, 20002)
                        .beginning(StartId.random(), folder.resolve("x.log"))
                        .running(new ProcessMark(4711, NOW, "boot", 99L))
                        .ready(Duration.ofSeconds(3))
                        .restartedAt(NOW, false)
                        .wishing(Wish.STOPPED, "because");

        new Journal(folder).write(entry);

        assertThat(new Journal(folder).read(UNIT)).isEqualTo(entry);
        assertThat(new Journal(folder).readAll()).containsExactly(entry);
    }

    @Test
    void drillThatHasStruckARunIsKnownUntilTheNextOneIsReady() {
        StartId struck = StartId.random();
        Drill drill = new Drill(DrillFault.HANG, "ann", NOW);
        UnitRecord entry =
                UnitRecord.unknown(UNIT)
                        .beginning(struck, folder.resolve("x.log"))
                        .struckBy(new StruckRun(struck, drill));

        new Journal(folder).write(entry);

        UnitRecord read = new Journal(folder).read(UNIT);
        assertThat(read.drillOf(struck)).isEqualTo(drill);
        assertThat(read.drillOf(StartId.random())).isNull();
        UnitRecord next = read.ended().beginning(StartId.random(), folder.resolve("y.log"));
        assertThat(next.drillOf(struck)).isEqualTo(drill);
        assertThat(next.ready(null).drillOf(struck)).isNull();
    }

    @Test
    void theMarkOfAContainerIsReadBackAsItWasWritten() {
        UnitRecord entry =
                UnitRecord.unknown(UNIT)
                        .beginning(StartId.random(), folder.resolve("x.log"))
                        .running(new ContainerMark("0a1b2c", NOW));

        new Journal(folder).write(entry);

        assertThat(new Journal(folder).read(UNIT)).isEqualTo(entry);
    }

    @Test
    void theMarkThatAnOlderSupervisorWroteIsThatOfAProcess() throws Exception {
        StartId start = StartId.random();
        Files.writeString(
                folder.resolve("worker-1.json"),
                """
                {"unitId":"worker-1","port":20001,"startId":"%s",
                 "process":{"pid":4711,"startInstant":"%s","bootId":"boot","startTicks":99},
                 "log":"file:///x.log","wasReady":true,"restarts":[],"series":0,"restartCount":0,
                 "wish":"RUN","onTrial":false}
                """
                        .formatted(start, NOW));

        assertThat(new Journal(folder).read(UNIT).process())
                .isEqualTo(new ProcessMark(4711, NOW, "boot", 99L));
    }

    @Test
    void aUnitWithoutARecordHasNeverRun() {
        assertThat(new Journal(folder).read(UNIT)).isEqualTo(UnitRecord.unknown(UNIT));
    }

    @Test
    void theNewestRecordReplacesTheOthersAndOnlyItsOwnerCanReadIt() throws Exception {
        Journal journal = new Journal(folder);

        journal.write(UnitRecord.unknown(UNIT).withPorts(1, null));
        journal.write(UnitRecord.unknown(UNIT).withPorts(2, null));

        assertThat(journal.read(UNIT).port()).isEqualTo(2);
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).containsExactly(folder.resolve("worker-1.json"));
        }
        assertThat(
                        PosixFilePermissions.toString(
                                Files.getPosixFilePermissions(folder.resolve("worker-1.json"))))
                .isEqualTo("rw-------");
    }

    @Test
    void whatADyingSupervisorHasHalfWrittenDoesNotCount() throws Exception {
        Journal journal = new Journal(folder);
        journal.write(UnitRecord.unknown(UNIT).withPorts(1, null));
        Files.writeString(folder.resolve("worker-1.json.tmp"), "{\"unitId\":\"wor");

        assertThat(journal.readAll()).hasSize(1);
        journal.write(UnitRecord.unknown(UNIT).withPorts(2, null));
        assertThat(journal.read(UNIT).port()).isEqualTo(2);
    }

    @Test
    void aFileThatIsNoRecordIsRefusedWithItsName() throws Exception {
        Path broken = Files.writeString(folder.resolve("worker-1.json"), "{nonsense");

        assertThatThrownBy(() -> new Journal(folder).readAll())
                .isInstanceOf(UnreadableJournal.class)
                .hasMessageContaining(broken.toString())
                .hasMessageContaining("make sure that no process of this unit runs");
    }

    @Test
    void aForgottenUnitHasNeverRun() {
        Journal journal = new Journal(folder);
        journal.write(UnitRecord.unknown(UNIT).withPorts(1, null));

        journal.forget(UNIT);

        assertThat(journal.readAll()).isEmpty();
    }

    @Test
    void aRestartInTheFutureCountsAsNow() {
        UnitRecord entry =
                UnitRecord.unknown(UNIT)
                        .restartedAt(NOW.minusNanos(1), false)
                        .restartedAt(NOW, false)
                        .restartedAt(NOW.plusNanos(1), false)
                        .restartedAt(NOW.plusSeconds(3600), false);

        assertThat(entry.asOf(NOW).restarts()).containsExactly(NOW.minusNanos(1), NOW, NOW, NOW);
        assertThat(entry.asOf(NOW.plusSeconds(3600))).isEqualTo(entry);
        assertThat(entry.restartedAt(NOW, false).restarts())
                .containsExactly(NOW.minusNanos(1), NOW, NOW, NOW, NOW);
    }

    @Test
    void onlyTheLatestHundredRestartsAreKept() {
        UnitRecord entry = UnitRecord.unknown(UNIT);
        for (int i = 0; i < 150; i++) {
            entry = entry.restartedAt(NOW.plusSeconds(i), false);
        }

        assertThat(entry.restarts()).hasSize(100).endsWith(NOW.plusSeconds(149));
        assertThat(entry.restartCount()).isEqualTo(150);
    }
}
