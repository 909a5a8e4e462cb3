package dev.lepton.registry.support;

import dev.lepton.registry.postgres.PostgresRefusal;
import dev.lepton.registry.postgres.PostgresServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;

/** One real PostgreSQL for all tests of a JVM; started by the first that needs it. */
public final class TestPostgres {

    private static final class Shared {
        static final TestPostgres INSTANCE = start();
    }

    private final PostgresServer server;
    private final Path home;

    private TestPostgres(PostgresServer server, Path home) {
        this.server = server;
        this.home = home;
    }

    public static TestPostgres shared() {
        return Shared.INSTANCE;
    }

    /** The unpacked programs, for homes that are not to unpack their own. */
    public Path binaries() {
        return home.resolve("postgres/bin");
    }

    public int port() {
        return server.access().port();
    }

    public String urlOf(String database) {
        return "jdbc:postgresql://127.0.0.1:%d/%s".formatted(port(), database);
    }

    public String username() {
        return server.access().username();
    }

    public String password() {
        return server.access().password();
    }

    /** As the superuser, for what only it may do: databases, other roles' sessions. */
    public Connection superuser(String database) throws SQLException {
        try {
            String password = Files.readString(home.resolve("postgres/superuser-password")).strip();
            return DriverManager.getConnection(urlOf(database), "postgres", password);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    public void execute(String... statements) {
        try (Connection connection = superuser("postgres");
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static TestPostgres start() {
        TestPostgres started;
        try {
            started = start(Path.of("target", "test-home").toAbsolutePath());
        } catch (PostgresRefusal e) {
            // Another run of these tests has it, or the server's user cannot reach this folder.
            started = start(temporaryHome());
        }
        // The tests kill processes, never the machine.
        started.execute("ALTER SYSTEM SET fsync = off", "SELECT pg_reload_conf()");
        PostgresServer server = started.server;
        Runtime.getRuntime().addShutdownHook(new Thread(server::close));
        return started;
    }

    private static TestPostgres start(Path home) {
        return new TestPostgres(PostgresServer.start(home, System::nanoTime), home);
    }

    private static Path temporaryHome() {
        try {
            Path home = Files.createTempDirectory("lepton-test-postgres");
            Runtime.getRuntime().addShutdownHook(new Thread(() -> home.toFile().deleteOnExit()));
            return home;
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
