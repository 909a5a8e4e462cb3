package dev.lepton.registry.outage;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.lepton.registry.postgres.OwnPostgres;
import dev.lepton.registry.support.Required;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The registry while a disk of its PostgreSQL is full: that of the data, or that of the log. */
@Tag("alone")
class DiskFullIT {

    private static final Duration LENGTH =
            Bounds.length(Duration.ofSeconds(10), Duration.ofMillis(2000));

    @TempDir Path folder;

    @BeforeEach
    void onlyInLongRunsAndAsRoot() throws IOException {
        assumeTrue(Bounds.runIsLong(), "runs in the profiles full and endurance");
        Required.that(
                Files.exists(Path.of("/proc/self"))
                        && Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0),
                "needs root, to mount small disks");
    }

    @Test
    void registrationsAreRefusedWhileTheDataHasNoRoom() throws Exception {
        try (SmallDisk disk = SmallDisk.mounted(folder.resolve("data"), 192);
                Trial trial = at(new Place(OwnPostgres.in(disk.folder()).walIn(folder).start()))) {
            trial.endure(new DataFull(disk), LENGTH);
        }
    }

    @Test
    void serverThatEndsForWantOfRoomForItsLogComesBackWithAllThatWasAcknowledged()
            throws Exception {
        try (SmallDisk disk = SmallDisk.mounted(folder.resolve("wal"), 96);
                Trial trial =
                        at(
                                new Place(
                                        OwnPostgres.in(folder)
                                                .walIn(disk.folder())
                                                .with("min_wal_size = 32MB", "max_wal_size = 48MB")
                                                .start()))) {
            trial.endure(new WalFull(disk), LENGTH);
        }
    }

    private static Trial at(Place place) throws Exception {
        return Trial.at(place, "127.0.0.1:" + place.way().port());
    }

    /** What needs a new page cannot be stored, what finds room on an old one can. */
    private record DataFull(SmallDisk disk) implements Fault {

        @Override
        public void begin(Place place) throws IOException {
            disk.fill();
        }

        @Override
        public void end(Place place) throws IOException {
            disk.free();
        }

        @Override
        public boolean storesNothing() {
            return false;
        }

        @Override
        public String toString() {
            return "WITHOUT ROOM FOR ITS DATA";
        }
    }

    /** The server ends, and cannot come back before there is room. */
    private record WalFull(SmallDisk disk) implements Fault {

        @Override
        public void begin(Place place) throws IOException {
            disk.fill();
            await().atMost(Duration.ofSeconds(60)).until(() -> refusesToSwitch(place));
        }

        /** Each switch needs a file of the log, of which there are few left. */
        private static boolean refusesToSwitch(Place place) {
            try {
                place.postgres().execute("SELECT pg_switch_wal()", "CHECKPOINT");
                return false;
            } catch (SQLException e) {
                return true;
            }
        }

        @Override
        public void end(Place place) throws IOException {
            disk.free();
            place.postgres().startAgainIfEnded();
        }

        @Override
        public String toString() {
            return "WITHOUT ROOM FOR ITS LOG";
        }
    }
}
