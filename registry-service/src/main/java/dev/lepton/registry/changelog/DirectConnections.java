package dev.lepton.registry.changelog;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * Opens connections to PostgreSQL beside the pool, for the few threads that keep one for
 * themselves: the change log must go on while requests hold every pooled connection.
 */
public final class DirectConnections {

    /** A host that is frozen takes a connection and never greets; the next one is waiting. */
    private static final String GREETING_SECONDS = "1";

    private final String url;
    private final Properties properties = new Properties();

    public DirectConnections(String url, @Nullable String user, @Nullable String password) {
        this.url = url;
        if (user != null) {
            properties.setProperty("user", user);
        }
        if (password != null) {
            properties.setProperty("password", password);
        }
        // One try of one host each; what the URL says wins over all of these.
        properties.setProperty("connectTimeout", "1");
        properties.setProperty("loginTimeout", "5");
        properties.setProperty("cancelSignalTimeout", "1");
        properties.setProperty("tcpKeepAlive", "true");
        // Of several hosts, the one that can be written to, looked for anew after a second.
        properties.setProperty("targetServerType", "primary");
        properties.setProperty("hostRecheckSeconds", "1");
    }

    /**
     * Opens a connection in auto-commit mode on which no lock is waited for and no transaction is
     * idle for more than 1 s.
     *
     * @param name what the connection is for, shown in {@code pg_stat_activity}
     * @param silence how long the server may take to answer before the connection is given up
     */
    public Connection open(String name, Duration silence) throws SQLException {
        Properties all = new Properties();
        all.putAll(properties);
        all.setProperty("ApplicationName", "lepton " + name);
        all.setProperty("socketTimeout", GREETING_SECONDS);
        Connection connection = DriverManager.getConnection(url, all);
        try (Statement statement = connection.createStatement()) {
            if (!url.contains("socketTimeout=")) {
                connection.setNetworkTimeout(Runnable::run, (int) silence.toMillis());
            }
            statement.execute(
                    """
                    SET lock_timeout = '1s';
                    SET idle_in_transaction_session_timeout = '1s';
                    SET jit = off\
                    """);
            return connection;
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }
}
