package dev.lepton.registry.outage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.lepton.registry.postgres.OwnPostgres;
import dev.lepton.registry.postgres.PostgresServer;
import dev.lepton.registry.support.Required;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The registry while a disk of its PostgreSQL is full: that of the data, or that of the log. */
class DiskFullIT {

    private static final Duration LENGTH =
            Bounds.length(Duration.ofSeconds(10), Duration.ofMillis(2000));

    private static final String[] SMALL_LOG = {"min_wal_size = 32MB", "max_wal_size = 48MB"};
    private static final Duration BACK = Duration.ofSeconds(5);
    private static final Duration LONGEST_PAUSES =
            Bounds.length(Duration.ofSeconds(20), Duration.ofSeconds(8));

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
                                                .with(SMALL_LOG)
                                                .start()))) {
            trial.endure(new WalFull(disk), LENGTH);
        }
    }

    @Test
    void embeddedServerIsBackSoonAfterItsLogHasRoomAgain() throws Exception {
        assumeTrue(Bounds.ENDURANCE, "runs in the profile endurance");
        try (SmallDisk disk = SmallDisk.mounted(folder.resolve("wal"), 96)) {
            OwnPostgres prepared = OwnPostgres.in(folder).walIn(disk.folder()).with(SMALL_LOG);
            try (PostgresServer server = PostgresServer.start(prepared.home(), System::nanoTime)) {
                disk.fill();
                useUpTheLog(prepared);
                long begun = System.nanoTime();
                // Until the pauses between its restarts are as long as they get.
                await().atMost(Duration.ofSeconds(60))
                        .until(() -> Bounds.since(begun).compareTo(LONGEST_PAUSES) > 0);
                assertThat(server.trouble()).as("what ails a server without room").isNotNull();

                disk.free();

                long room = System.nanoTime();
                await().atMost(Duration.ofSeconds(60))
                        .pollInterval(Duration.ofMillis(50))
                        .until(() -> server.trouble() == null);
                Bounds.holds("the embedded server is back", Bounds.since(room), BACK);
            }
        }
    }

    /** Each switch needs a file of the log, of which there are few left. */
    private static void useUpTheLog(OwnPostgres postgres) {
        await().atMost(Duration.ofSeconds(60))
                .until(() -> {
                    try {
                        postgres.execute("SELECT pg_switch_wal()", "CHECKPOINT");
                        return false;
                    } catch (SQLException e) {
                        return true;
                    }
                });
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
            useUpTheLog(place.postgres());
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
