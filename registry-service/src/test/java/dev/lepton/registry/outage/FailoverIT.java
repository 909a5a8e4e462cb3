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
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The registry on a URL that names a server and its synchronous standby, which takes over. */
class FailoverIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String STANDBY = "standby";

    @TempDir Path first;
    @TempDir Path second;

    /** A primary that is frozen takes connections, and answers nothing. */
    @ParameterizedTest(name = "frozen: {0}")
    @ValueSource(booleans = {false, true})
    void registryMovesToTheStandbyThatTookOverAndLosesNothing(boolean frozen) throws Exception {
        assumeTrue(Bounds.runIsLong(), "runs in the profiles full and endurance");
        try (OwnPostgres primary = OwnPostgres.in(first).replicating().start();
                OwnPostgres standby = OwnPostgres.in(second).following(primary, STANDBY).start()) {
            waitForEachCommit(primary);

            String both = "127.0.0.1:%d,127.0.0.1:%d".formatted(primary.port(), standby.port());
            try (Trial trial = Trial.at(new Place(primary), both)) {
                trial.endure(new TakenOver(standby, frozen), Duration.ofMillis(2000));
            }
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

    /** The server is lost for good; after a while its standby is promoted. */
    private record TakenOver(OwnPostgres standby, boolean frozen) implements Fault {

        @Override
        public void begin(Place place) throws IOException {
            if (frozen) {
                place.postgres().freeze();
            } else {
                place.postgres().kill();
            }
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
            return frozen ? "FROZEN AND TAKEN OVER" : "KILLED AND TAKEN OVER";
        }
    }
}
