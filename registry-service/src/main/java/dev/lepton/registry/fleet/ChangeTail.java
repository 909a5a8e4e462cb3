package dev.lepton.registry.fleet;

import dev.lepton.client.watch.Position;
import dev.lepton.registry.changelog.ChangeLog;
import dev.lepton.registry.changelog.CommitListener;
import dev.lepton.registry.changelog.DirectConnections;
import dev.lepton.registry.changelog.LoggedChange;
import dev.lepton.registry.time.NanoClock;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the change log row by row, keeps the {@link FleetView} current and tells subscribers. Woken
 * by commits of this replica and notifications of others; the poll each second is what it relies
 * on. That nothing was missed it sees from the revisions, each of which is one more than the last.
 */
public final class ChangeTail implements CommitListener, AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(ChangeTail.class);
    private static final int BATCH_LIMIT = 500;
    private static final Duration POLL = Duration.ofSeconds(1);
    private static final Duration RECONNECT = Duration.ofMillis(200);
    private static final Duration SILENCE = Duration.ofSeconds(2);
    private static final Duration STOP_PATIENCE = Duration.ofSeconds(5);

    private final DirectConnections connections;
    private final FleetView fleet;
    private final NanoClock clock;
    private final List<FleetSubscriber> subscribers = new ArrayList<>();
    private final Queue<FleetSubscriber> newcomers = new ConcurrentLinkedQueue<>();
    private final Semaphore wakes = new Semaphore(0);
    private final Thread thread =
            Thread.ofPlatform().name("change-tail").daemon().unstarted(this::run);
    private @Nullable Connection connection;
    private boolean away;
    private volatile boolean closed;

    public ChangeTail(DirectConnections connections, NanoClock clock) {
        this.connections = connections;
        this.fleet = new FleetView(clock);
        this.clock = clock;
    }

    /** What the changes are applied to. */
    public FleetView fleet() {
        return fleet;
    }

    /**
     * Adds a subscriber: it is told where the fleet is, by {@link FleetSubscriber#reloaded}, and
     * then of each change.
     */
    public void subscribe(FleetSubscriber subscriber) {
        newcomers.add(subscriber);
        wake();
    }

    /**
     * Loads the fleet and begins to follow.
     *
     * @throws SQLException when PostgreSQL does not answer
     */
    public void start() throws SQLException {
        try {
            connect();
        } catch (SQLException e) {
            disconnect();
            throw e;
        }
        thread.start();
    }

    /** Reads the log soon: something was committed. */
    public void wake() {
        if (wakes.availablePermits() == 0) {
            wakes.release();
        }
    }

    @Override
    public void committed() {
        wake();
    }

    private void run() {
        while (!closed) {
            welcome();
            try {
                Connection open = connection == null ? connect() : connection;
                follow(open);
                await(POLL);
            } catch (SQLException | RuntimeException | Error e) {
                lost(e);
                await(RECONNECT);
            }
        }
        disconnect();
    }

    /** Which database answers can change only with the connection. */
    private Connection connect() throws SQLException {
        Connection open = connections.open("change tail", SILENCE);
        connection = open;
        String clusterId = ChangeLog.clusterId(open);
        if (!fleet.loaded()) {
            reload(open, "the registry has started");
        } else if (!clusterId.equals(fleet.position().clusterId())) {
            reload(
                    open,
                    "database %s answers instead of %s"
                            .formatted(clusterId, fleet.position().clusterId()));
        }
        if (away) {
            away = false;
            log.info("The change log is read again, at {}", fleet.position());
        }
        return open;
    }

    private void follow(Connection open) throws SQLException {
        long before;
        int read;
        do {
            before = clock.nanos();
            List<LoggedChange> changes =
                    ChangeLog.after(open, fleet.position().revision(), BATCH_LIMIT);
            read = changes.size();
            if (changes.isEmpty()) {
                requireNothingIsMissing(open);
            } else {
                take(open, changes);
            }
        } while (read == BATCH_LIMIT && !closed);
        fleet.readAt(before);
    }

    private void take(Connection open, List<LoggedChange> changes) throws SQLException {
        long expected = fleet.position().revision() + 1;
        for (LoggedChange change : changes) {
            if (change.revision() != expected) {
                reload(
                        open,
                        "change %d follows %d in the log"
                                .formatted(change.revision(), expected - 1));
                return;
            }
            expected++;
        }
        fleet.apply(changes);
        String clusterId = fleet.position().clusterId();
        tell(subscribers, s -> s.changed(clusterId, changes));
    }

    /** An empty answer may also mean that the log was compacted, or the database restored. */
    private void requireNothingIsMissing(Connection open) throws SQLException {
        long stored = ChangeLog.revision(open);
        long known = fleet.position().revision();
        if (stored == known) {
            return;
        }
        if (stored > known) {
            List<LoggedChange> changes = ChangeLog.after(open, known, BATCH_LIMIT);
            if (!changes.isEmpty()) {
                take(open, changes);
                return;
            }
        }
        reload(open, "the log is at %d, after %d".formatted(stored, known));
    }

    private void reload(Connection open, String reason) throws SQLException {
        long before = clock.nanos();
        ChangeLog.Snapshot snapshot = ChangeLog.snapshot(open);
        fleet.load(snapshot);
        fleet.readAt(before);
        Position position = snapshot.position();
        log.info("Loaded {} units at {}: {}", snapshot.units().size(), position, reason);
        tell(subscribers, s -> s.reloaded(position, reason));
    }

    private void welcome() {
        for (FleetSubscriber one = newcomers.poll(); one != null; one = newcomers.poll()) {
            FleetSubscriber newcomer = one;
            subscribers.add(newcomer);
            tell(
                    List.of(newcomer),
                    s -> s.reloaded(fleet.position(), "the changes are told from here on"));
        }
    }

    /** A subscriber that fails is told of what comes next like the others. */
    private void tell(List<FleetSubscriber> whom, Consumer<FleetSubscriber> news) {
        for (FleetSubscriber subscriber : whom) {
            try {
                news.accept(subscriber);
            } catch (RuntimeException e) {
                log.error("{} failed on a change of the fleet", subscriber, e);
            }
        }
    }

    private void await(Duration longest) {
        try {
            wakes.tryAcquire(longest.toMillis(), TimeUnit.MILLISECONDS);
            wakes.drainPermits();
        } catch (InterruptedException e) {
            log.debug("Woken to stop");
        }
    }

    private void lost(Throwable cause) {
        disconnect();
        if (!away && !closed) {
            away = true;
            log.warn(
                    "The change log cannot be read, the fleet is shown as it was at {}: {}",
                    fleet.position(),
                    cause.getMessage());
        }
    }

    private void disconnect() {
        Connection open = connection;
        connection = null;
        if (open != null) {
            try {
                open.close();
            } catch (SQLException e) {
                log.debug("A broken connection did not close: {}", e.getMessage());
            }
        }
    }

    @Override
    public void close() {
        closed = true;
        wake();
        try {
            thread.join(STOP_PATIENCE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
