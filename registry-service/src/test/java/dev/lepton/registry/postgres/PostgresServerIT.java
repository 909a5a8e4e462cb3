package dev.lepton.registry.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import dev.lepton.registry.support.TestPostgres;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PostgresServerIT {

    @TempDir Path folder;
    private Path home;

    @BeforeEach
    void makeHome() throws IOException {
        home = Homes.usedIn(folder);
    }

    @Test
    void rowsSurviveAnOrderedStop() throws Exception {
        home = Homes.newIn(folder.resolve("new"));
        try (PostgresServer server = timedStart("first start")) {
            execute(server, "CREATE TABLE kept (n int)", "INSERT INTO kept VALUES (7)");
        }

        try (PostgresServer server = timedStart("second start")) {
            assertThat(query(server, "SELECT n FROM kept")).isEqualTo("7");
        }
        assertThat(Homes.file(home, "data/postmaster.pid")).doesNotExist();
    }

    @Test
    void isDurableChecksummedAndNeedsThePassword() throws Exception {
        home = Homes.newIn(folder.resolve("new"));

        try (PostgresServer server = start()) {
            assertThat(query(server, "SHOW fsync")).isEqualTo("on");
            assertThat(query(server, "SHOW data_checksums")).isEqualTo("on");
            assertThat(query(server, "SHOW listen_addresses")).isEqualTo("127.0.0.1");
            assertThat(
                            query(
                                    server,
                                    "SELECT datlocprovider::text || datlocale FROM pg_database WHERE datname = 'lepton'"))
                    .isEqualTo("bC.UTF-8");
            assertThat(
                            query(
                                    server,
                                    "SELECT rolsuper::text FROM pg_roles WHERE rolname = current_user"))
                    .isEqualTo("false");
            assertThat(Files.getPosixFilePermissions(Homes.file(home, "password")))
                    .isEqualTo(PosixFilePermissions.fromString("rw-------"));
            PostgresAccess stranger = new PostgresAccess(server.access().port(), "x".repeat(43));
            assertThatExceptionOfType(SQLException.class)
                    .isThrownBy(stranger::connect)
                    .matches(e -> e.getSQLState().equals("28P01"));
        }
    }

    @Test
    void passwordsAreStoredAndAskedForAsScram() throws Exception {
        try (PostgresServer server = start()) {
            assertThat(storedPasswords(server))
                    .containsOnlyKeys("lepton", "postgres")
                    .allSatisfy((role, stored) -> assertThat(stored).startsWith("SCRAM-SHA-256$"));
        }
        assertThat(Files.readAllLines(Homes.file(home, "data/pg_hba.conf")))
                .isNotEmpty()
                .allSatisfy(line -> assertThat(line).doesNotContain("trust", "md5"));
    }

    @Test
    void aKilledPostmasterIsStartedAgain() throws Exception {
        try (PostgresServer server = start()) {
            execute(server, "CREATE TABLE kept (n int)", "INSERT INTO kept VALUES (7)");
            long killed = Homes.postmasterPid(home);
            ProcessHandle.of(killed).orElseThrow().destroyForcibly();

            await().atMost(Duration.ofSeconds(30))
                    .untilAsserted(() -> {
                        assertThat(server.trouble()).isNull();
                        assertThat(Homes.postmasterPid(home)).isNotEqualTo(killed);
                    });
            assertThat(query(server, "SELECT n FROM kept")).isEqualTo("7");
        }
    }

    @Test
    void aStrangerOnThePortIsLeftAloneAndNamed() throws Exception {
        start().close();
        int port = new PortFile(Homes.file(home, "port")).read();

        try (ServerSocket stranger = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            assertThatExceptionOfType(PostgresRefusal.class)
                    .isThrownBy(this::start)
                    .withMessageContaining("port " + port)
                    .withMessageContaining("delete " + home.toRealPath().resolve("postgres/port"))
                    .matches(refusal -> refusal.getExitCode() == 78);
            assertThat(stranger.isClosed()).isFalse();
        }
    }

    @Test
    void anotherPostgresOnThePortIsNotMistakenForOurs() throws Exception {
        Files.writeString(Homes.file(home, "port"), Integer.toString(TestPostgres.shared().port()));

        assertThatExceptionOfType(PostgresRefusal.class)
                .isThrownBy(this::start)
                .withMessageContaining("a PostgreSQL that refuses our password")
                .matches(refusal -> refusal.getExitCode() == 78);
    }

    @Test
    void theServerOfACopiedHomeIsNotMistakenForOurs() throws Exception {
        try (PostgresServer original = start()) {
            Path copy = Homes.usedIn(folder.resolve("copy"));
            Files.copy(Homes.file(home, "port"), Homes.file(copy, "port"));

            assertThatExceptionOfType(PostgresRefusal.class)
                    .isThrownBy(() -> PostgresServer.start(copy, System::nanoTime))
                    .withMessageContaining("port " + original.access().port());
            assertThat(original.trouble()).isNull();
        }
    }

    @Test
    void aDamagedPasswordFileIsRefused() throws Exception {
        start().close();
        Files.writeString(Homes.file(home, "password"), "short\u0007");

        assertThatExceptionOfType(PostgresRefusal.class)
                .isThrownBy(this::start)
                .withMessageContaining("postgres/password")
                .withMessageContaining("delete it")
                .matches(refusal -> refusal.getExitCode() == 78);
    }

    @Test
    void aLostPasswordIsReplaced() throws Exception {
        try (PostgresServer server = start()) {
            execute(server, "CREATE TABLE kept (n int)", "INSERT INTO kept VALUES (7)");
        }
        Files.delete(Homes.file(home, "password"));

        try (PostgresServer server = start()) {
            assertThat(query(server, "SELECT n FROM kept")).isEqualTo("7");
        }
    }

    @Test
    void aLostPasswordIsReplacedAlsoAfterAnAttemptThatWasCutShort() throws Exception {
        Files.delete(Homes.file(home, "superuser-password"));
        // Stands for a kill just when the new passwords are to be set.
        Files.writeString(Homes.file(home, "data/local.conf"), "no_such_setting = 1\n");
        assertThatExceptionOfType(PostgresRefusal.class)
                .isThrownBy(this::start)
                .withMessageContaining("cannot set new passwords");
        Files.delete(Homes.file(home, "data/local.conf"));

        try (PostgresServer server = start()) {
            assertThat(server.trouble()).isNull();
        }
    }

    @Test
    void aPasswordThatTheServerRefusesIsSaidAtOnce() throws Exception {
        Files.writeString(Homes.file(home, "password"), "x".repeat(43));

        assertThatExceptionOfType(PostgresRefusal.class)
                .isThrownBy(this::start)
                .withMessageContaining("refuses our password")
                .withMessageContaining("delete " + home.toRealPath().resolve("postgres/password"))
                .matches(refusal -> refusal.getExitCode() == 78);
        assertThat(Homes.file(home, "data/postmaster.pid")).doesNotExist();
    }

    @Test
    void aDamagedPortFileIsRefused() throws Exception {
        start().close();
        Files.writeString(Homes.file(home, "port"), "70000");

        assertThatExceptionOfType(PostgresRefusal.class)
                .isThrownBy(this::start)
                .withMessageContaining("port 70000 must be from 1 to 65535")
                .matches(refusal -> refusal.getExitCode() == 78);
    }

    @Test
    void aSecondServerOfTheSameHomeIsRefused() throws Exception {
        try (PostgresServer first = start()) {
            assertThatExceptionOfType(PostgresRefusal.class)
                    .isThrownBy(this::start)
                    .withMessageContaining("process " + ProcessHandle.current().pid())
                    .matches(refusal -> refusal.getExitCode() == 75);
            assertThat(first.trouble()).isNull();
        }
    }

    @Test
    void aStrangerWithTheProcessIdOfADeadPostmasterIsNeverSignalled() throws Exception {
        start().close();
        Process stranger = new ProcessBuilder("sleep", "120").start();
        try {
            Files.writeString(
                    Homes.file(home, "data/postmaster.pid"),
                    "%d\n%s\n1700000000\n1\n\n127.0.0.1\n0 0\nready\n"
                            .formatted(stranger.pid(), home.toRealPath().resolve("postgres/data")));

            try (PostgresServer server = start()) {
                assertThat(server.trouble()).isNull();
            }
            assertThat(stranger.isAlive()).isTrue();
        } finally {
            stranger.destroyForcibly();
        }
    }

    @Test
    void dataOfAnotherMajorVersionIsRefused() throws Exception {
        start().close();
        Files.writeString(Homes.file(home, "data/PG_VERSION"), "17\n");

        assertThatExceptionOfType(PostgresRefusal.class)
                .isThrownBy(this::start)
                .withMessageContaining("is of PostgreSQL 17, the embedded server is 18")
                .matches(refusal -> refusal.getExitCode() == 78);
    }

    @Test
    void anUnfinishedDataDirectoryIsMadeAnew() throws Exception {
        home = Homes.newIn(folder.resolve("new"));
        Files.createDirectories(Homes.file(home, "data.new/base"));
        Files.writeString(Homes.file(home, "data.new/PG_VERSION"), "18\n");

        try (PostgresServer server = start()) {
            assertThat(server.trouble()).isNull();
        }
    }

    @Test
    void aServerThatDoesNotComeUpSaysWhy() throws Exception {
        start().close();
        Files.writeString(Homes.file(home, "data/local.conf"), "no_such_setting = 1\n");

        assertThatExceptionOfType(PostgresRefusal.class)
                .isThrownBy(this::start)
                .withMessageContaining("no_such_setting");
    }

    private PostgresServer start() {
        return PostgresServer.start(home, System::nanoTime);
    }

    private PostgresServer timedStart(String what) {
        long began = System.nanoTime();
        PostgresServer server = start();
        System.out.printf(
                "Embedded PostgreSQL, %s: %d ms%n",
                what, Duration.ofNanos(System.nanoTime() - began).toMillis());
        return server;
    }

    private static void execute(PostgresServer server, String... statements) throws SQLException {
        try (Connection connection = server.access().connect();
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    /** By role, as only the superuser sees them. */
    private Map<String, String> storedPasswords(PostgresServer server) throws Exception {
        String password = Files.readString(Homes.file(home, "superuser-password")).strip();
        Map<String, String> stored = new TreeMap<>();
        try (Connection superuser =
                        DriverManager.getConnection(server.access().url(), "postgres", password);
                Statement statement = superuser.createStatement();
                ResultSet row =
                        statement.executeQuery(
                                "SELECT rolname, rolpassword FROM pg_authid WHERE rolcanlogin")) {
            while (row.next()) {
                stored.put(row.getString(1), row.getString(2));
            }
        }
        return stored;
    }

    static String query(PostgresServer server, String sql) throws SQLException {
        try (Connection connection = server.access().connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getString(1);
        }
    }
}
