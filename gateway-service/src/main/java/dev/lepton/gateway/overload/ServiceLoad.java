package dev.lepton.gateway.overload;

import dev.lepton.gateway.settings.GatewaySettings.LimitSettings;
import dev.lepton.gateway.settings.Priority;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The requests of one service that wait for the head of an answer, and how many may. A response
 * that streams counts no longer: it takes no thread of the unit's queue.
 */
public final class ServiceLoad {

    private static final long WINDOW_NANOS = 1_000_000_000L;

    /** Fewer answers say little about how long they take. */
    private static final int MINIMUM = 10;

    private final LimitSettings settings;
    private final AtomicInteger waiting = new AtomicInteger();
    private final AtomicInteger mostWaiting = new AtomicInteger();
    private final AtomicInteger answers = new AtomicInteger();
    private final AtomicLong answerNanos = new AtomicLong();
    private volatile GradientLimit limit;
    private volatile long windowEndsNanos;

    public ServiceLoad(LimitSettings settings, long nowNanos) {
        this.settings = settings;
        this.limit = new GradientLimit(settings.initial(), 0);
        this.windowEndsNanos = nowNanos + WINDOW_NANOS;
    }

    /**
     * Whether another request may be sent.
     *
     * @param units that take requests
     */
    public boolean admits(Priority priority, int units) {
        return waiting.get() < priority.share() * limit(units);
    }

    /** Requests that may wait at a time, those of high priority included. */
    public int limit(int units) {
        double adapted =
                settings.adaptive() ? limit.perUnit() * Math.max(1, units) : settings.service();
        return (int) Math.min(adapted, settings.service());
    }

    public int waiting() {
        return waiting.get();
    }

    /** A unit is asked. */
    public void begin() {
        int now = waiting.incrementAndGet();
        if (now > mostWaiting.get()) {
            mostWaiting.accumulateAndGet(now, Math::max);
        }
    }

    /** It is waited for no longer. */
    public void end() {
        waiting.decrementAndGet();
    }

    /**
     * An answer that was no failure has begun.
     *
     * @param nanos what it took
     * @param units that take requests
     */
    public void answered(long nanos, int units, long nowNanos) {
        answers.incrementAndGet();
        answerNanos.addAndGet(nanos);
        if (nowNanos - windowEndsNanos >= 0) {
            endWindow(units, nowNanos);
        }
    }

    private synchronized void endWindow(int units, long nowNanos) {
        if (nowNanos - windowEndsNanos < 0 || answers.get() < MINIMUM) {
            return;
        }
        windowEndsNanos = nowNanos + WINDOW_NANOS;
        double average = (double) answerNanos.getAndSet(0) / answers.getAndSet(0);
        double most = (double) mostWaiting.getAndSet(waiting.get()) / Math.max(1, units);
        limit =
                limit.next(
                        Math.max(1, average),
                        most,
                        settings.tolerance(),
                        settings.least(),
                        settings.most());
    }
}
