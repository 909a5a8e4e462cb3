package dev.lepton.starter.selfcheck;

import dev.lepton.client.heartbeat.SelfCheck;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the unit itself, each interval from start to start, and judges: answered within the patience
 * is {@code ok}; otherwise {@code late} when other requests completed meanwhile, else {@code
 * unanswered}. An answer of 500 or above, which only a service's own path gives, is {@code late}:
 * it is no sign of a hung process.
 *
 * <p>The patience is counted in slices of waiting, not by the clock: a process that was paused, or
 * starved of the processor, has waited fewer slices than the clock says, and is not called hung for
 * it.
 */
public final class SelfChecker implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(SelfChecker.class);
    private static final Duration SLICE = Duration.ofMillis(100);
    private static final int SERVER_ERROR = 500;

    private final SelfCheckPath path;
    private final Duration interval;
    private final Duration patience;
    private final LongSupplier completedRequests;
    private final LongSupplier nanos;
    private final ExecutorService asking =
            Executors.newCachedThreadPool(
                    Thread.ofPlatform().daemon().name("lepton-self-check-request").factory());
    private volatile @Nullable SelfCheck verdict;
    private volatile long checkedNanos;
    private volatile Runnable onChange = () -> {};
    private volatile @Nullable Thread thread;
    private volatile boolean closed;

    public SelfChecker(
            SelfCheckPath path,
            Duration interval,
            Duration patience,
            LongSupplier completedRequests,
            LongSupplier nanos) {
        this.path = path;
        this.interval = interval;
        this.patience = patience;
        this.completedRequests = completedRequests;
        this.nanos = nanos;
    }

    /**
     * The verdict of the last check; null before the first has ended. One that is older than any
     * check can take proves nothing, neither that the unit answers nor that it hangs: {@code late}.
     */
    public @Nullable SelfCheck verdict() {
        SelfCheck last = verdict;
        long age = nanos.getAsLong() - checkedNanos;
        boolean stale = age > interval.plus(patience.multipliedBy(2)).toNanos();
        return last != null && stale ? SelfCheck.LATE : last;
    }

    /**
     * @param onChange called on the checking thread whenever the verdict has changed, also from
     *     none
     */
    public void start(SelfCheckTarget target, Runnable onChange) {
        this.onChange = onChange;
        SSLSocketFactory tls = target.secure() ? OwnConnectorTls.socketFactory() : null;
        thread =
                Thread.ofPlatform()
                        .daemon()
                        .name("lepton-self-check")
                        .start(() -> repeat(target, tls));
    }

    @Override
    public void close() {
        closed = true;
        Thread running = thread;
        if (running != null) {
            LockSupport.unpark(running);
        }
        asking.shutdownNow();
    }

    private void repeat(SelfCheckTarget target, @Nullable SSLSocketFactory tls) {
        while (!closed) {
            long started = nanos.getAsLong();
            try {
                SelfCheck result = checkOrLate(target, tls);
                if (!closed) {
                    note(result);
                }
            } catch (Throwable e) {
                // The verdict stands, only the word of it failed; the next beat carries it.
            }
            long rest = started + interval.toNanos() - nanos.getAsLong();
            if (rest > 0 && !closed) {
                LockSupport.parkNanos(rest);
            }
        }
    }

    private SelfCheck checkOrLate(SelfCheckTarget target, @Nullable SSLSocketFactory tls) {
        try {
            return check(target, tls);
        } catch (Throwable e) {
            // As without memory or threads for a moment: not well, but not proven hung.
            return SelfCheck.LATE;
        }
    }

    private void note(SelfCheck result) {
        SelfCheck before = verdict;
        checkedNanos = nanos.getAsLong();
        if (result == before) {
            return;
        }
        verdict = result;
        if (before != null || result != SelfCheck.OK) {
            log.info("Self-check of {} is {} now, was {}", path.path(), result, before);
        }
        onChange.run();
    }

    private SelfCheck check(SelfCheckTarget target, @Nullable SSLSocketFactory tls) {
        long completedBefore = completedRequests.getAsLong();
        long slices = patience.dividedBy(SLICE);
        for (long used = 0; used < slices && !closed; used++) {
            try (SelfCheckRequest request =
                    new SelfCheckRequest(target, path.mark(), tls, (int) patience.toMillis() * 2)) {
                Future<Integer> answer = asking.submit(request);
                while (used < slices && !closed) {
                    try {
                        int status = answer.get(SLICE.toMillis(), TimeUnit.MILLISECONDS);
                        return status < SERVER_ERROR ? SelfCheck.OK : SelfCheck.LATE;
                    } catch (TimeoutException e) {
                        used++;
                    }
                }
            } catch (ExecutionException | IOException e) {
                log.debug("Self-check of {} failed, asking again", path.path(), e);
                LockSupport.parkNanos(SLICE.toNanos());
            } catch (RejectedExecutionException e) {
                // Closed meanwhile: there is no verdict any more.
                closed = true;
            } catch (InterruptedException e) {
                // Nobody interrupts this thread but a stop of the whole JVM.
                Thread.currentThread().interrupt();
                closed = true;
            }
        }
        return completedRequests.getAsLong() > completedBefore
                ? SelfCheck.LATE
                : SelfCheck.UNANSWERED;
    }
}
