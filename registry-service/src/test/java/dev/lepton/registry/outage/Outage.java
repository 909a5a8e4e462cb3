package dev.lepton.registry.outage;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Arrays;
import java.util.stream.Stream;

/** A way in which PostgreSQL is away. */
enum Outage implements Fault {
    /** Its main process is killed with {@code kill -9}, and started again. */
    KILLED(true) {
        @Override
        public void begin(Place place) {
            place.postgres().kill();
        }

        @Override
        public void end(Place place) throws IOException {
            place.postgres().start();
        }
    },

    /** The whole tree of its processes is stopped, and goes on later as if nothing had been. */
    FROZEN(true) {
        @Override
        public void begin(Place place) throws IOException {
            place.postgres().freeze();
        }

        @Override
        public void end(Place place) throws IOException {
            place.postgres().thaw();
        }
    },

    /** Somebody's transaction has locked the tables that every change needs. */
    LOCKED(true) {
        @Override
        public void begin(Place place) throws SQLException {
            Connection connection = place.hold(place.postgres().superuser());
            connection.setAutoCommit(false);
            for (int attempt = 1; !lockAll(connection); attempt++) {
                if (attempt == LOCK_ATTEMPTS) {
                    throw new SQLException("the tables could not be locked together");
                }
            }
        }

        /** False when a write of the registry held one of them and waited for another. */
        private boolean lockAll(Connection connection) throws SQLException {
            try (Statement statement = connection.createStatement()) {
                statement.execute("SET idle_in_transaction_session_timeout = 0");
                statement.execute(
                        "LOCK TABLE unit, unit_start, unit_mark, revision_counter, change_log, leader, replica IN ACCESS EXCLUSIVE MODE");
                return true;
            } catch (SQLException e) {
                connection.rollback();
                if (DEADLOCK.equals(e.getSQLState())) {
                    return false;
                }
                throw e;
            }
        }

        @Override
        public void end(Place place) throws SQLException {
            place.letGo();
        }
    },

    /** It is ended at once, replays its log and comes back. */
    RESTARTED(false) {
        @Override
        public void begin(Place place) throws IOException {
            place.postgres().stopAtOnce();
        }

        @Override
        public void end(Place place) throws IOException {
            place.postgres().start();
        }
    },

    /** Nothing passes on the way to it, in neither direction, and nobody says so. */
    CUT_OFF(false) {
        @Override
        public void begin(Place place) {
            place.way().hold();
        }

        @Override
        public void end(Place place) {
            place.way().release();
        }
    },

    /** Others have every connection that it gives, and the registry has lost its own. */
    EXHAUSTED(false) {
        @Override
        public void begin(Place place) throws SQLException {
            Connection superuser = place.hold(place.postgres().superuser());
            for (int others = 0; others > 0 || registrys(superuser) > 0; ) {
                terminateRegistrys(superuser);
                others = taken(place);
            }
        }

        @Override
        public void end(Place place) throws SQLException {
            place.letGo();
        }
    },

    /** Each of its answers takes long, though it comes. */
    SLOW(false) {
        @Override
        public void begin(Place place) {
            place.way().delay(Duration.ofMillis(100));
        }

        @Override
        public void end(Place place) {
            place.way().delay(Duration.ZERO);
        }

        @Override
        public boolean storesNothing() {
            return false;
        }
    };

    private static final String DEADLOCK = "40P01";
    private static final int LOCK_ATTEMPTS = 20;
    private static final String OF_THE_REGISTRY =
            " FROM pg_stat_activity WHERE application_name LIKE 'lepton%'";

    private final boolean brief;

    Outage(boolean brief) {
        this.brief = brief;
    }

    /** All of them in long runs, the most telling ones otherwise. */
    static Stream<Outage> tried() {
        return Arrays.stream(values()).filter(one -> one.brief || Bounds.runIsLong());
    }

    private static int registrys(Connection superuser) throws SQLException {
        try (Statement statement = superuser.createStatement();
                var row = statement.executeQuery("SELECT count(*)" + OF_THE_REGISTRY)) {
            row.next();
            return row.getInt(1);
        }
    }

    private static void terminateRegistrys(Connection superuser) throws SQLException {
        try (Statement statement = superuser.createStatement()) {
            statement.execute("SELECT pg_terminate_backend(pid)" + OF_THE_REGISTRY);
        }
    }

    /** How many connections could be had until there were no more. */
    private static int taken(Place place) throws SQLException {
        for (int count = 0; ; count++) {
            try {
                place.hold(place.postgres().connection());
            } catch (SQLException e) {
                if (!"53300".equals(e.getSQLState())) {
                    throw e;
                }
                return count;
            }
        }
    }
}
