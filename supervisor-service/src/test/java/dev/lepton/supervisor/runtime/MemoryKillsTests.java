package dev.lepton.supervisor.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MemoryKillsTests {

    @TempDir Path folder;

    @Test
    void theCountOfBothVersionsOfCgroupsIsRead() throws IOException {
        Path second =
                Files.writeString(
                        folder.resolve("memory.events"),
                        "low 0\nhigh 3\nmax 9\noom 4\noom_kill 2\noom_group_kill 0\n");
        Path first =
                Files.writeString(
                        folder.resolve("memory.oom_control"),
                        "oom_kill_disable 0\nunder_oom 0\noom_kill 5\n");

        assertThat(new MemoryKills(second).count()).isEqualTo(2);
        assertThat(new MemoryKills(first).count()).isEqualTo(5);
    }

    @Test
    void whereThereIsNoCountNobodyWasKilled() throws IOException {
        Path strange = Files.writeString(folder.resolve("strange"), "oom_kill many\n");

        assertThat(new MemoryKills(null).count()).isZero();
        assertThat(new MemoryKills(folder.resolve("gone")).count()).isZero();
        assertThat(new MemoryKills(strange).count()).isZero();
    }

    @Test
    void aProcessThatIsGoneHasNoCgroup() {
        assertThat(MemoryKills.near(Long.MAX_VALUE).file()).isNull();
    }
}
