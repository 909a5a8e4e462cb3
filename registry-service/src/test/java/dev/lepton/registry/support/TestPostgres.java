package dev.lepton.registry.support;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * One real PostgreSQL for all tests of a JVM, started by the first that needs it: in a container
 * where a Docker engine answers, the embedded server elsewhere.
 */
public final class TestPostgres {

    private static final class Shared {
        static final TestPostgres INSTANCE = start();
    }

    private final TestServer server;

    private TestPostgres(TestServer server) {
        this.server = server;
    }

    public static TestPostgres shared() {
        return Shared.INSTANCE;
    }

    public int port() {
        return server.port();
    }

    public String urlOf(String database) {
        return "jdbc:postgresql://127.0.0.1:%d/%s".formatted(port(), database);
    }

    public String username() {
        return server.username();
    }

    public String password() {
        return server.password();
    }

    /** As the superuser, for what only it may do: databases, other roles' sessions. */
    public Connection superuser(String database) throws SQLException {
        return DriverManager.getConnection(
                urlOf(database), server.superuser(), server.superuserPassword());
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
        TestPostgres started = new TestPostgres(server());
        // The tests kill processes, never the machine.
        started.execute("ALTER SYSTEM SET fsync = off", "SELECT pg_reload_conf()");
        return started;
    }

    private static TestServer server() {
        if (!ContainerTestServer.available()) {
            System.out.println("no Docker engine answers: the tests use the embedded PostgreSQL");
            return EmbeddedTestServer.shared();
        }
        try {
            return ContainerTestServer.start();
        } catch (RuntimeException e) {
            if (Boolean.getBoolean("lepton.full")) {
                throw e;
            }
            System.out.printf(
                    "%s cannot be started, the tests use the embedded PostgreSQL: %s%n",
                    ContainerTestServer.IMAGE, e.getMessage());
            return EmbeddedTestServer.shared();
        }
    }
}
