package dev.lepton.registry.changelog;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.jdbc.UncategorizedSQLException;
import org.springframework.jdbc.support.SQLStateSQLExceptionTranslator;

/**
 * Stores proposed changes: one writer per replica, whose thread commits all that has gathered in
 * one statement. A change that follows one that came alone is committed at once; what arrives while
 * a commit is under way makes up the next batch, so that a change waits for one commit and ten
 * milliseconds at most before its own.
 */
public final class ChangeWriter implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(ChangeWriter.class);
    private static final int BATCH_LIMIT = 500;
    private static final int QUEUE_LIMIT = 50_000;
    private static final int ATTEMPTS = 3;

    /**
     * Ten milliseconds in all. Each statement is planned anew and each commit waits for the disk,
     * so that 32 changes in one cost a third of what they cost in four.
     */
    private static final int PAUSES = 10;

    private static final Duration PAUSE = Duration.ofMillis(1);

    /** A batch takes milliseconds; what is silent for longer will not answer. */
    private static final Duration SILENCE = Duration.ofSeconds(2);

    /** How often an idle writer looks whether it is to stop. */
    private static final Duration LOOK_UP = Duration.ofMillis(100);

    private static final Duration STOP_PATIENCE = Duration.ofSeconds(5);

    private final DirectConnections connections;
    private final InstantSource clock;
    private final List<CommitListener> listeners;
    private final BlockingQueue<Proposal> queue = new LinkedBlockingQueue<>(QUEUE_LIMIT);
    private final ArrayDeque<Proposal> postponed = new ArrayDeque<>();
    private final SQLStateSQLExceptionTranslator translator = new SQLStateSQLExceptionTranslator();
    private final ExecutorService completions = Executors.newVirtualThreadPerTaskExecutor();
    private final Thread thread =
            Thread.ofPlatform().name("change-writer").daemon().unstarted(this::run);
    private @Nullable Connection connection;
    private int lastSize;
    private volatile boolean closed;

    public ChangeWriter(
            DirectConnections connections, InstantSource clock, List<CommitListener> listeners) {
        this.connections = connections;
        this.clock = clock;
        this.listeners = List.copyOf(listeners);
    }

    public void start() {
        thread.start();
    }

    /**
     * The future completes after the commit, or exceptionally with a {@link DataAccessException}
     * when PostgreSQL is away: then the change may or may not have been stored. Changes of one row
     * that are submitted one after the other are stored in that order.
     */
    public CompletableFuture<WriteOutcome> write(ProposedChange change) {
        Proposal proposal = Proposal.of(change, clock.instant());
        if (closed || !queue.offer(proposal)) {
            proposal.outcome()
                    .completeExceptionally(
                            new DataAccessResourceFailureException(
                                    closed
                                            ? "the change writer is closed"
                                            : "the change writer has %d changes waiting"
                                                    .formatted(QUEUE_LIMIT)));
        }
        return proposal.outcome();
    }

    /** How many changes wait to be stored. */
    public int waiting() {
        return queue.size();
    }

    private void run() {
        while (!closed) {
            store(gathered());
        }
        while (!queue.isEmpty() || !postponed.isEmpty()) {
            store(batch(0));
        }
        disconnect();
    }

    private List<Proposal> gathered() {
        if (postponed.isEmpty()) {
            try {
                Proposal first = queue.poll(LOOK_UP.toMillis(), TimeUnit.MILLISECONDS);
                if (first == null) {
                    return List.of();
                }
                postponed.add(first);
            } catch (InterruptedException e) {
                closed = true;
                return List.of();
            }
        }
        List<Proposal> batch = batch(PAUSES);
        lastSize = batch.size();
        return batch;
    }

    /**
     * At most one proposal for each row: the second must see what became of the first. Pauses a
     * little for as many as the last batch had, because whoever waited for that one is likely to
     * come again; a change that comes alone is not held up.
     */
    private List<Proposal> batch(int pauses) {
        List<Proposal> batch = new ArrayList<>();
        Set<String> rows = new HashSet<>();
        for (Iterator<Proposal> i = postponed.iterator();
                i.hasNext() && batch.size() < BATCH_LIMIT; ) {
            Proposal proposal = i.next();
            if (rows.add(proposal.row())) {
                batch.add(proposal);
                i.remove();
            }
        }
        int paused = 0;
        while (batch.size() < BATCH_LIMIT && postponed.size() < BATCH_LIMIT) {
            Proposal proposal = queue.poll();
            if (proposal == null && batch.size() < lastSize && paused < pauses) {
                proposal = afterPause();
                paused++;
            } else if (proposal == null) {
                break;
            }
            if (proposal == null) {
                continue;
            }
            if (rows.add(proposal.row())) {
                batch.add(proposal);
            } else {
                postponed.add(proposal);
            }
        }
        return batch;
    }

    private @Nullable Proposal afterPause() {
        try {
            return queue.poll(PAUSE.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            closed = true;
            return null;
        }
    }

    private void store(List<Proposal> batch) {
        if (batch.isEmpty()) {
            return;
        }
        for (int attempt = 1; ; attempt++) {
            try {
                List<WriteOutcome> outcomes =
                        WriteStatement.execute(
                                connected(), batch.stream().map(Proposal::json).toList());
                completed(batch, outcomes);
                return;
            } catch (SQLException e) {
                Fault fault = Fault.of(e);
                if (fault == Fault.CONTENTION && attempt < ATTEMPTS) {
                    continue;
                }
                if (fault == Fault.CONTENT && batch.size() > 1) {
                    // One proposal is refused by a constraint: it alone is to fail.
                    store(batch.subList(0, batch.size() / 2));
                    store(batch.subList(batch.size() / 2, batch.size()));
                    return;
                }
                if (fault == Fault.CONNECTION) {
                    disconnect();
                }
                failed(batch, e);
                return;
            } catch (RuntimeException | Error e) {
                // An Error too fails this batch alone: without this thread nothing is stored any
                // more.
                disconnect();
                log.error("The change writer failed to store {} changes", batch.size(), e);
                batch.forEach(p -> p.outcome().completeExceptionally(e));
                return;
            }
        }
    }

    private Connection connected() throws SQLException {
        Connection open = connection;
        if (open == null) {
            open = connections.open("change writer", SILENCE);
            try (var statement = open.createStatement()) {
                // A plan made while the tables were small would be kept when they are large.
                statement.execute("SET plan_cache_mode = force_custom_plan");
            }
            connection = open;
        }
        return open;
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

    private void completed(List<Proposal> batch, List<WriteOutcome> outcomes) {
        if (outcomes.stream().anyMatch(WriteOutcome.Written.class::isInstance)) {
            listeners.forEach(CommitListener::committed);
        }
        List<Proposal> done = List.copyOf(batch);
        // Elsewhere, because what depends on a future may wait for another write.
        completions.execute(() -> {
            for (int i = 0; i < done.size(); i++) {
                done.get(i).outcome().complete(outcomes.get(i));
            }
        });
    }

    private void failed(List<Proposal> batch, SQLException cause) {
        log.debug("{} changes could not be stored: {}", batch.size(), cause.getMessage());
        DataAccessException translated = translator.translate("store changes", null, cause);
        DataAccessException failure =
                translated == null
                        ? new UncategorizedSQLException("store changes", null, cause)
                        : translated;
        List<Proposal> done = List.copyOf(batch);
        completions.execute(() -> done.forEach(p -> p.outcome().completeExceptionally(failure)));
    }

    /** Stores what was submitted before, then stops. */
    @Override
    public void close() {
        closed = true;
        try {
            thread.join(STOP_PATIENCE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        for (Proposal left = queue.poll(); left != null; left = queue.poll()) {
            left.outcome()
                    .completeExceptionally(
                            new DataAccessResourceFailureException("the change writer is closed"));
        }
        completions.shutdown();
    }

    /** What a failed statement says about the attempt. */
    private enum Fault {
        /** Nothing was stored, and the same statement may succeed now. */
        CONTENTION,
        /** Nothing was stored, and a row of the batch is the cause. */
        CONTENT,
        /** Nothing is known of what was stored. */
        CONNECTION;

        static Fault of(SQLException e) {
            String state = e.getSQLState() == null ? "" : e.getSQLState();
            if (state.startsWith("40") || state.equals("55P03")) {
                return CONTENTION;
            }
            return state.startsWith("22") || state.startsWith("23") ? CONTENT : CONNECTION;
        }
    }
}
