package dev.lepton.registry.outage;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.lepton.registry.postgres.OwnPostgres;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The registry on a URL that names a server and its synchronous standby, which takes over. */
@Tag("alone")
class FailoverIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String STANDBY = "standby";

    @TempDir Path first;
    @TempDir Path second;

    @Test
    void registryMovesToTheStandbyThatTookOverAndLosesNothing() throws Exception {
        assumeTrue(Bounds.runIsLong(), "runs in the profiles full and endurance");
        OwnPostgres primary = OwnPostgres.in(first).replicating().start();
        OwnPostgres standby = OwnPostgres.in(second).following(primary, STANDBY).start();
        waitForEachCommit(primary);
        Place place = new Place(primary);

        try (standby;
                Trial trial =
                        Trial.at(
                                place,
                                "127.0.0.1:%d,127.0.0.1:%d"
                                        .formatted(primary.port(), standby.port()))) {
            trial.endure(new TakenOver(standby), Duration.ofMillis(2000));
        }
    }

    private static void waitForEachCommit(OwnPostgres primary) throws SQLException {
        primary.execute(
                "ALTER SYSTEM SET synchronous_standby_names = '" + STANDBY + "'",
                "SELECT pg_reload_conf()");
        await().atMost(PATIENCE).until(() -> isSynchronous(primary));
    }

    private static boolean isSynchronous(OwnPostgres primary) throws SQLException {
        try (Connection connection = primary.superuser();
                Statement statement = connection.createStatement();
                var rows =
                        statement.executeQuery(
                                "SELECT 1 FROM pg_stat_replication WHERE sync_state = 'sync'")) {
            return rows.next();
        }
    }

    /** The server is killed for good; after a while its standby is promoted. */
    private record TakenOver(OwnPostgres standby) implements Fault {

        @Override
        public void begin(Place place) {
            place.postgres().kill();
        }

        @Override
        public void end(Place place) throws IOException, SQLException {
            standby.execute("SELECT pg_promote()");
            place.movedTo(standby);
        }

        @Override
        public boolean endsTheWatch() {
            return true;
        }

        @Override
        public String toString() {
            return "TAKEN OVER";
        }
    }
}
