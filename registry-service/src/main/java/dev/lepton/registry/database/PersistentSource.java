package dev.lepton.registry.database;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Properties;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.datasource.AbstractDataSource;

/**
 * Opens the pool's connections, trying until PostgreSQL takes one. A pool that is told of each
 * failure pauses for longer and longer, up to 5 s, and would find a server late that is back.
 */
final class PersistentSource extends AbstractDataSource {

    private static final Logger log = LoggerFactory.getLogger(PersistentSource.class);
    private static final Duration PAUSE = Duration.ofMillis(200);

    private final String url;
    private final Properties properties;
    private final BooleanSupplier closed;
    private volatile boolean away;

    /**
     * @param properties for the driver; what the URL says wins over them
     * @param closed whether nobody waits for a connection any more
     */
    PersistentSource(String url, Properties properties, BooleanSupplier closed) {
        this.url = url;
        this.properties = properties;
        this.closed = closed;
    }

    @Override
    public Connection getConnection() throws SQLException {
        return connect(properties);
    }

    /** Without a password where PostgreSQL asks for none, or the driver finds it elsewhere. */
    @Override
    public Connection getConnection(String username, @Nullable String password)
            throws SQLException {
        Properties all = new Properties();
        all.putAll(properties);
        all.setProperty("user", username);
        if (password != null) {
            all.setProperty("password", password);
        }
        return connect(all);
    }

    private Connection connect(Properties all) throws SQLException {
        while (true) {
            try {
                Connection connection = DriverManager.getConnection(url, all);
                found();
                return connection;
            } catch (SQLException e) {
                missed(e);
                if (closed.getAsBoolean() || Thread.currentThread().isInterrupted()) {
                    throw e;
                }
                LockSupport.parkNanos(PAUSE.toNanos());
            }
        }
    }

    private void found() {
        if (away) {
            away = false;
            log.info("PostgreSQL takes connections again");
        }
    }

    private void missed(SQLException cause) {
        if (!away) {
            away = true;
            log.warn(
                    "PostgreSQL takes no connection, tried again every {} ms: {}",
                    PAUSE.toMillis(),
                    cause.getMessage());
        }
    }

    /** The driver's own setting decides. */
    @Override
    public void setLoginTimeout(int seconds) {}
}
