package dev.lepton.registry.changelog;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Wakes the other replicas after a commit, once for all commits of 20 ms. Outside of the writing
 * transaction, because {@code NOTIFY} makes commits wait for each other.
 */
public final class ChangeNotifier implements CommitListener, AutoCloseable {

    /** The channel on which replicas listen; its notifications carry nothing. */
    public static final String CHANNEL = "lepton_changes";

    private static final Logger log = LoggerFactory.getLogger(ChangeNotifier.class);
    private static final Duration DEBOUNCE = Duration.ofMillis(20);

    private final DataSource dataSource;
    private final ScheduledExecutorService executor =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().name("change-notifier").daemon().factory());
    private final AtomicBoolean due = new AtomicBoolean();

    public ChangeNotifier(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    @Override
    public void committed() {
        if (due.compareAndSet(false, true)) {
            try {
                executor.schedule(this::tell, DEBOUNCE.toMillis(), TimeUnit.MILLISECONDS);
            } catch (RejectedExecutionException e) {
                log.debug("Closed before the last commit was told; the others poll");
            }
        }
    }

    private void tell() {
        due.set(false);
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("NOTIFY " + CHANNEL);
        } catch (SQLException e) {
            log.debug("The others find the change when they poll: {}", e.getMessage());
        }
    }

    @Override
    public void close() {
        executor.shutdownNow();
    }
}
