package dev.lepton.registry.fleet;

import dev.lepton.registry.changelog.ChangeNotifier;
import dev.lepton.registry.changelog.DirectConnections;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Listens for the notifications of other replicas and wakes the {@link ChangeTail}. What is said
 * while nobody listens is lost; so the tail is woken after each new {@code LISTEN} too.
 */
public final class ChangeListener implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(ChangeListener.class);
    private static final Duration WAIT = Duration.ofSeconds(1);
    private static final Duration RECONNECT = Duration.ofMillis(200);
    private static final Duration SILENCE = Duration.ofSeconds(2);
    private static final int PING_SECONDS = 2;
    private static final Duration STOP_PATIENCE = Duration.ofSeconds(5);

    private final DirectConnections connections;
    private final ChangeTail tail;
    private final Thread thread =
            Thread.ofPlatform().name("change-listener").daemon().unstarted(this::run);
    private volatile boolean closed;

    public ChangeListener(DirectConnections connections, ChangeTail tail) {
        this.connections = connections;
        this.tail = tail;
    }

    public void start() {
        thread.start();
    }

    private void run() {
        while (!closed) {
            try (Connection connection = connections.open("change listener", SILENCE)) {
                listen(connection);
            } catch (SQLException e) {
                log.debug("Nothing is heard from other replicas: {}", e.getMessage());
                LockSupport.parkNanos(RECONNECT.toNanos());
            }
        }
    }

    private void listen(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("LISTEN " + ChangeNotifier.CHANNEL);
        }
        tail.wake();
        PGConnection postgres = connection.unwrap(PGConnection.class);
        while (!closed) {
            PGNotification[] heard = postgres.getNotifications((int) WAIT.toMillis());
            if (heard != null && heard.length > 0) {
                tail.wake();
            } else if (!connection.isValid(PING_SECONDS)) {
                // Who only listens does not notice that nobody speaks any more.
                throw new SQLException("the server does not answer any more");
            }
        }
    }

    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
        try {
            thread.join(STOP_PATIENCE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
