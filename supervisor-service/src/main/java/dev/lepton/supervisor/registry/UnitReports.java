package dev.lepton.supervisor.registry;

import dev.lepton.client.rest.RegistryRefusal;
import java.time.Duration;
import java.util.concurrent.BlockingDeque;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reports what happens to units, such as the ends of their processes, each at once and in order;
 * while the registry is away they wait and are sent when it is back. What nobody took within a
 * thousand reports is dropped: the lease of that start has long run out.
 */
final class UnitReports implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(UnitReports.class);
    private static final int LIMIT = 1000;
    private static final Duration FIRST_PAUSE = Duration.ofMillis(250);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LAST_WORDS = Duration.ofSeconds(1);

    /**
     * @param send throws a {@link RegistryRefusal} when the report is not taken
     */
    private record Waiting(String what, Runnable send) {}

    private final RandomGenerator random;
    private final Duration firstPause;
    private final Duration longestPause;
    private final BlockingDeque<Waiting> queue = new LinkedBlockingDeque<>();

    /** Has a permit when a report was added since the latest attempt began. */
    private final Semaphore added = new Semaphore(0);

    private final Thread thread =
            Thread.ofPlatform().daemon().name("unit-reports").unstarted(this::run);
    private volatile boolean closing;

    /**
     * @param random spreads the attempts of many supervisors
     */
    UnitReports(RandomGenerator random) {
        this(random, FIRST_PAUSE, LONGEST_PAUSE);
    }

    /**
     * @param firstPause after an attempt that failed; each further one in a row doubles it
     */
    UnitReports(RandomGenerator random, Duration firstPause, Duration longestPause) {
        this.random = random;
        this.firstPause = firstPause;
        this.longestPause = longestPause;
    }

    void start() {
        thread.start();
    }

    /**
     * @param what is reported, in words
     * @param send sends it, or throws a {@link RegistryRefusal}
     */
    void add(String what, Runnable send) {
        while (queue.size() >= LIMIT) {
            queue.pollFirst();
        }
        queue.addLast(new Waiting(what, send));
        added.release();
    }

    int waiting() {
        return queue.size();
    }

    private void run() {
        Duration pause = firstPause;
        try {
            while (!closing || !queue.isEmpty()) {
                Waiting next = queue.poll(100, TimeUnit.MILLISECONDS);
                if (next == null) {
                    continue;
                }
                added.drainPermits();
                if (taken(next)) {
                    pause = firstPause;
                } else {
                    queue.addFirst(next);
                    if (closing) {
                        return;
                    }
                    pauseUnlessAdded(pause);
                    pause = shorter(pause.multipliedBy(2), longestPause);
                }
            }
        } catch (InterruptedException _) {
            // The supervisor ends; a registry that was away until now sees the units' silence.
            Thread.currentThread().interrupt();
        }
    }

    /** An end that has only just come is not to wait for the pause after an older one. */
    private void pauseUnlessAdded(Duration pause) throws InterruptedException {
        boolean unused = added.tryAcquire(jittered(pause), TimeUnit.NANOSECONDS);
    }

    private boolean taken(Waiting next) {
        try {
            next.send().run();
            log.debug("reported: {}", next.what());
            return true;
        } catch (RegistryRefusal.Unavailable | RegistryRefusal.Unauthorized e) {
            log.debug("not reported yet: {}: {}", next.what(), e.getMessage());
            return false;
        } catch (RuntimeException e) {
            // A start that the registry never knew, or knows to be over, needs no report.
            log.debug("not taken: {}: {}", next.what(), e.getMessage());
            return true;
        }
    }

    private long jittered(Duration pause) {
        return pause.toNanos() / 2 + random.nextLong(pause.toNanos() / 2);
    }

    private static Duration shorter(Duration a, Duration b) {
        return a.compareTo(b) < 0 ? a : b;
    }

    /** Sends what is left if the registry takes it at once. */
    @Override
    public void close() {
        closing = true;
        try {
            if (!thread.join(LAST_WORDS)) {
                thread.interrupt();
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
