package dev.lepton.client.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lepton.client.unit.UnitState;
import dev.lepton.client.unit.UnitView;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DiskListWriterTests {

    private static final Duration SOON = Duration.ofSeconds(30);

    @TempDir Path folder;

    @Test
    void aListThatCouldNotBeWrittenIsWrittenOnceTheDiskTakesIt() throws IOException {
        Path place = folder.resolve("lists");
        Files.writeString(place, "a file where the folder should be");
        DiskList disk = new DiskList(place.resolve("fleet.json"));

        try (DiskListWriter writer = new DiskListWriter(disk, Duration.ofMillis(20))) {
            writer.changed(fleet("worker-1"));
            await().atMost(SOON).until(writer::failing);
            Files.delete(place);

            await().atMost(SOON)
                    .untilAsserted(() -> assertThat(place.resolve("fleet.json")).exists());
        }
        assertThat(disk.load()).isNotNull();
    }

    private static Fleet fleet(String id) {
        UnitView unit = Frames.unit(id, UnitState.UP);
        return new Fleet(
                Position.parse("0b9f6a52-6d0c-4b54-9a0e-3f8f5b1c7d11.1:7"),
                Map.of(unit.unitId(), unit),
                Map.of());
    }
}
