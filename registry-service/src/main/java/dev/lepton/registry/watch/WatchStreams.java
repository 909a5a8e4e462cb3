package dev.lepton.registry.watch;

import dev.lepton.client.watch.Position;
import dev.lepton.registry.changelog.ChangeLog;
import dev.lepton.registry.changelog.LoggedChange;
import dev.lepton.registry.changelog.PositionGone;
import dev.lepton.registry.fleet.FleetView;
import dev.lepton.registry.time.NanoClock;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.ConnectionCallback;
import org.springframework.jdbc.core.JdbcTemplate;

/** Opens streams of the watch at a position, or with a list. */
final class WatchStreams {

    private static final Duration BEHIND_PATIENCE = Duration.ofSeconds(2);
    private static final int PAGE = 500;

    private final WatchHub hub;
    private final FleetView fleet;
    private final SharedLists lists;
    private final JdbcTemplate database;
    private final NanoClock clock;

    WatchStreams(WatchHub hub, FleetView fleet, JdbcTemplate database, NanoClock clock) {
        this.hub = hub;
        this.fleet = fleet;
        this.lists = new SharedLists(fleet);
        this.database = database;
        this.clock = clock;
    }

    /** Writes to a client until it goes, or the stream ends. */
    @FunctionalInterface
    interface Stream {
        void writeTo(WatchOutput out) throws IOException, InterruptedException;
    }

    /**
     * A stream that can begin at once; what cannot is refused here, while a status can still be
     * sent.
     *
     * @param since null for a list first
     */
    Stream open(@Nullable Position since) throws InterruptedException {
        if (!hub.awaitFleet(BEHIND_PATIENCE.toNanos())) {
            throw new ReplicaBehind(since == null ? fleet.position() : since, fleet.position());
        }
        long generation = hub.generation();
        return since == null ? listed(generation) : resumed(generation, since);
    }

    private Stream listed(long generation) {
        return out -> {
            EncodedList list = lists.current();
            out.list(list);
            out.flush();
            follow(generation, list.position(), null, out);
        };
    }

    private Stream resumed(long generation, Position since) throws InterruptedException {
        if (!since.clusterId().equals(fleet.position().clusterId())) {
            throw PositionGone.foreign(since, fleet.position());
        }
        if (!hub.awaitRevision(since.revision(), BEHIND_PATIENCE.toNanos())) {
            throw new ReplicaBehind(since, fleet.position());
        }
        Watcher watcher = hub.join(generation, since);
        if (watcher != null) {
            return out -> follow(watcher, out);
        }
        List<LoggedChange> missed = page(since.revision());
        if (!follows(since.revision(), missed)) {
            throw PositionGone.compacted(since);
        }
        return out -> follow(generation, since, missed, out);
    }

    /**
     * Catches up from the database until the hub holds what comes next, then follows the hub.
     *
     * @param read what was read from the database already, null when nothing was
     */
    private void follow(
            long generation, Position from, @Nullable List<LoggedChange> read, WatchOutput out)
            throws IOException, InterruptedException {
        Position at = from;
        List<LoggedChange> missed = read;
        while (true) {
            if (missed != null) {
                for (LoggedChange change : missed) {
                    out.change(WatchFrames.change(at.clusterId(), change));
                }
                out.flush();
                at = new Position(at.clusterId(), missed.getLast().revision());
            }
            Watcher watcher = hub.join(generation, at);
            if (watcher != null) {
                follow(watcher, out);
                return;
            }
            missed = page(at.revision());
            if (!follows(at.revision(), missed)) {
                out.word(WatchFrames.gone(PositionGone.compacted(at).detail()));
                out.flush();
                return;
            }
        }
    }

    private void follow(Watcher watcher, WatchOutput out) throws IOException, InterruptedException {
        try (WatcherStream stream = new WatcherStream(hub, watcher, fleet, clock, out)) {
            stream.run();
        }
    }

    private List<LoggedChange> page(long revision) {
        List<LoggedChange> changes =
                database.execute(
                        (ConnectionCallback<List<LoggedChange>>)
                                connection -> ChangeLog.after(connection, revision, PAGE));
        return changes == null ? List.of() : changes;
    }

    /** Whether these are the very next changes; where one is missing, nothing after it is told. */
    private static boolean follows(long revision, List<LoggedChange> changes) {
        long expected = revision;
        for (LoggedChange change : changes) {
            if (change.revision() != ++expected) {
                return false;
            }
        }
        return !changes.isEmpty();
    }
}
