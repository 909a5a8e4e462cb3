package dev.lepton.registry.time;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Runs one duty on a platform thread of its own, start to start, and notices when a run comes late.
 * A failure of one run does not end the loop.
 */
public final class PeriodicLoop implements SmartLifecycle {

    /** Lateness beyond which what a loop has observed is in doubt. */
    public static final Duration LATE = Duration.ofMillis(500);

    private static final Logger log = LoggerFactory.getLogger(PeriodicLoop.class);

    private final String name;
    private final long intervalNanos;
    private final Runnable duty;
    private final NanoClock clock;
    private final AtomicLong lateRuns = new AtomicLong();
    private volatile @Nullable Thread thread;
    private boolean failing;

    public PeriodicLoop(String name, Duration interval, Runnable duty, NanoClock clock) {
        this.name = name;
        this.intervalNanos = interval.toNanos();
        this.duty = duty;
        this.clock = clock;
    }

    public String name() {
        return name;
    }

    /** How many runs began more than {@link #LATE} after they were due. */
    public long lateRuns() {
        return lateRuns.get();
    }

    @Override
    public synchronized void start() {
        if (thread == null) {
            // Named before it runs: it ends as soon as it is no longer the one named here.
            Thread next =
                    Thread.ofPlatform().name("lepton-" + name).daemon(true).unstarted(this::loop);
            thread = next;
            next.start();
        }
    }

    @Override
    public void stop() {
        Thread running;
        synchronized (this) {
            running = thread;
            thread = null;
        }
        if (running != null) {
            LockSupport.unpark(running);
            joined(running);
        }
    }

    private static void joined(Thread running) {
        try {
            running.join(Duration.ofSeconds(5));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public boolean isRunning() {
        return thread != null;
    }

    private void loop() {
        long due = clock.nanos();
        while (thread == Thread.currentThread()) {
            long now = clock.nanos();
            if (now - due < 0) {
                LockSupport.parkNanos(due - now);
                continue;
            }
            noticeLateness(now - due);
            due = now;
            runOnce();
            due += intervalNanos;
        }
    }

    private void noticeLateness(long lateNanos) {
        if (lateNanos > LATE.toNanos()) {
            lateRuns.incrementAndGet();
            log.warn("The {} loop ran {} ms late", name, lateNanos / 1_000_000);
        }
    }

    private void runOnce() {
        try {
            duty.run();
            if (failing) {
                failing = false;
                log.info("The {} loop succeeds again", name);
            }
        } catch (RuntimeException | Error e) {
            // The next run is the retry; a loop that ended here would end the duty for good, and
            // nobody would notice.
            if (failing) {
                log.debug("The {} loop still fails", name, e);
            } else {
                failing = true;
                log.warn("The {} loop fails: {}", name, e.toString());
            }
        }
    }
}
