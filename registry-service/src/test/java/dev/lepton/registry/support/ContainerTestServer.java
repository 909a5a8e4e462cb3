package dev.lepton.registry.support;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.UUID;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.postgresql.PostgreSQLContainer;

/** The public image of PostgreSQL, where a Docker engine answers. */
public final class ContainerTestServer implements TestServer {

    public static final String IMAGE = "postgres:18";
    private static final String ROLE = "lepton";

    private final PostgreSQLContainer container =
            new PostgreSQLContainer(IMAGE)
                    .withUsername("postgres")
                    .withPassword(UUID.randomUUID().toString());
    private final String password = UUID.randomUUID().toString();

    private ContainerTestServer() {}

    /** Whether a Docker engine answers. */
    public static boolean available() {
        try {
            return DockerClientFactory.instance().isDockerAvailable();
        } catch (RuntimeException e) {
            System.out.println("a Docker engine answers, but not as it should: " + e.getMessage());
            return false;
        }
    }

    static ContainerTestServer start() {
        ContainerTestServer server = new ContainerTestServer();
        server.container.start();
        try (Connection connection =
                        DriverManager.getConnection(
                                server.container.getJdbcUrl(),
                                server.superuser(),
                                server.superuserPassword());
                Statement statement = connection.createStatement()) {
            statement.execute(
                    "CREATE ROLE %s LOGIN PASSWORD '%s'".formatted(ROLE, server.password));
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        return server;
    }

    @Override
    public int port() {
        return container.getMappedPort(PostgreSQLContainer.POSTGRESQL_PORT);
    }

    @Override
    public String username() {
        return ROLE;
    }

    @Override
    public String password() {
        return password;
    }

    @Override
    public String superuser() {
        return container.getUsername();
    }

    @Override
    public String superuserPassword() {
        return container.getPassword();
    }
}
