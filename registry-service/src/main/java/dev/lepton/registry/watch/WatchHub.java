package dev.lepton.registry.watch;

import dev.lepton.client.watch.Position;
import dev.lepton.registry.changelog.LoggedChange;
import dev.lepton.registry.fleet.FleetSubscriber;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Hands the changes to all watchers out of one ring. A watcher that falls too far behind is closed,
 * never skipped: what it missed it reads again when it comes back.
 */
final class WatchHub implements FleetSubscriber, WatchFigures, SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(WatchHub.class);
    private static final int FRAMES_AT_ONCE = 256;

    /** A write to each watcher takes about half of that. */
    private static final long PACE_FOR_EACH_NANOS = Duration.ofNanos(100_000).toNanos();

    private static final long PACE_AT_MOST_NANOS = Duration.ofMillis(50).toNanos();

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition news = lock.newCondition();
    private final WatchLimits limits;
    private final FrameRing ring;
    private final Set<Watcher> watchers = new HashSet<>();
    private long generation;
    private String reloadReason = "";
    private long closedAsSlow;
    private boolean running = true;

    WatchHub(WatchLimits limits) {
        this.limits = limits;
        this.ring = new FrameRing(limits);
    }

    /** What a watcher is to do next. */
    sealed interface Next {
        /** Send these; none when nothing came in the time. */
        record Send(List<Frame> frames) implements Next {}

        /** Tell the client to list again. */
        record Gone(String reason) implements Next {}

        /** Tell the client why its stream ends; its place is kept, here and elsewhere. */
        record End(String reason) implements Next {}
    }

    @Override
    public void changed(String clusterId, List<LoggedChange> changes) {
        List<byte[]> encoded = changes.stream().map(c -> WatchFrames.change(clusterId, c)).toList();
        lock.lock();
        try {
            long before = changes.getFirst().revision() - 1;
            if (before != ring.last()) {
                restart(before, "changes before %d are missing".formatted(before));
            }
            for (int i = 0; i < encoded.size(); i++) {
                ring.append(changes.get(i).revision(), encoded.get(i));
            }
            closeSlowWatchers();
            news.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void reloaded(Position position, String reason) {
        lock.lock();
        try {
            restart(position.revision(), reason);
            news.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void restart(long revision, String reason) {
        generation++;
        reloadReason = reason;
        ring.reset(revision);
    }

    private void closeSlowWatchers() {
        watchers.removeIf(watcher -> {
            if (watcher.generation() != generation || keepsUp(watcher)) {
                return false;
            }
            watcher.foundSlow();
            closedAsSlow++;
            log.info(
                    "Closed a slow watcher at {}, {} changes behind",
                    watcher.position(),
                    ring.last() - watcher.revision());
            return true;
        });
    }

    private boolean keepsUp(Watcher watcher) {
        return ring.continues(watcher.revision())
                && limits.allowsLag(ring.last() - watcher.revision(), ring.end() - watcher.end());
    }

    /**
     * Waits until the hub knows where the fleet is, which is a moment after the registry answers
     * its first requests: whoever joined before would be told to list again for nothing.
     *
     * @return false when it does not in the time
     */
    boolean awaitFleet(long nanos) throws InterruptedException {
        long left = nanos;
        lock.lock();
        try {
            while (generation == 0 && left > 0) {
                left = news.awaitNanos(left);
            }
            return generation > 0;
        } finally {
            lock.unlock();
        }
    }

    /** Grows with each reload; to be read before the position that a watcher begins at. */
    long generation() {
        lock.lock();
        try {
            return generation;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Adds a watcher; null when the ring no longer holds what follows, so that it has to be read
     * from the database first.
     */
    @Nullable Watcher join(long generationBefore, Position from) {
        lock.lock();
        try {
            boolean current = generationBefore == generation;
            if (current && !ring.continues(from.revision())) {
                return null;
            }
            Watcher watcher =
                    new Watcher(
                            generationBefore,
                            from.clusterId(),
                            from.revision(),
                            current ? ring.endOf(from.revision()) : 0);
            watchers.add(watcher);
            return watcher;
        } finally {
            lock.unlock();
        }
    }

    void leave(Watcher watcher) {
        lock.lock();
        try {
            watchers.remove(watcher);
        } finally {
            lock.unlock();
        }
    }

    /**
     * How long a watcher that was sent something is left alone: what comes meanwhile goes with one
     * write. The first change after a quiet time is never held up.
     */
    long paceNanos() {
        return Math.min(PACE_AT_MOST_NANOS, watchers() * PACE_FOR_EACH_NANOS);
    }

    /** Waits for what comes after the watcher's place. */
    Next next(Watcher watcher, long nanos) throws InterruptedException {
        long left = nanos;
        lock.lock();
        try {
            while (true) {
                if (watcher.generation() != generation) {
                    return new Next.Gone(reloadReason);
                }
                if (watcher.isSlow()) {
                    return new Next.End(limits.tooSlow());
                }
                if (!running) {
                    return new Next.End("this replica stops");
                }
                if (ring.last() > watcher.revision() || left <= 0) {
                    return new Next.Send(ring.after(watcher.revision(), FRAMES_AT_ONCE));
                }
                left = news.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }

    /** The watcher's client has these now. */
    void sent(Watcher watcher, List<Frame> frames) {
        lock.lock();
        try {
            watcher.sent(frames.getLast().revision(), frames.getLast().end());
        } finally {
            lock.unlock();
        }
    }

    /** Waits until a change has been read from the log; false when it was not in the time. */
    boolean awaitRevision(long revision, long nanos) throws InterruptedException {
        long left = nanos;
        lock.lock();
        try {
            while (ring.last() < revision && left > 0 && running) {
                left = news.awaitNanos(left);
            }
            return ring.last() >= revision;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public int watchers() {
        lock.lock();
        try {
            return watchers.size();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public long closedAsSlow() {
        lock.lock();
        try {
            return closedAsSlow;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public int bufferedChanges() {
        lock.lock();
        try {
            return ring.size();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public long bufferedBytes() {
        lock.lock();
        try {
            return ring.bytes();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void start() {
        setRunning(true);
    }

    /** Ends all streams: requests that never end would hold up the stop of the web server. */
    @Override
    public void stop() {
        setRunning(false);
    }

    private void setRunning(boolean value) {
        lock.lock();
        try {
            running = value;
            news.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public boolean isRunning() {
        lock.lock();
        try {
            return running;
        } finally {
            lock.unlock();
        }
    }

    /** Stopped first of all, before the web server waits for its requests. */
    @Override
    public int getPhase() {
        return Integer.MAX_VALUE;
    }
}
