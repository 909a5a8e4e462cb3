package dev.lepton.gateway.breaker;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreaker.State;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether one start of a unit is asked. A share of failures, or of slow answers, in the
 * window of last answers opens it; so do at once several failures in a row, a refused connection
 * (for a short time), and silence: several attempts that timed out while the unit answered nobody
 * at all, or one that another unit answered quickly meanwhile. While it is open one request at a
 * time tries the unit. An answer from a unit that only was silent closes it again.
 */
public final class UnitBreaker {

    private static final Duration UNSAFE_PROBE_AFTER = Duration.ofSeconds(5);
    private static final RuntimeException FAILURE = new UnitFailed();

    private final CircuitBreaker breaker;
    private final Duration refusedFor;
    private final int failureLimit;
    private final int silentLimit;
    private final LongSupplier nanoTime;

    private int failedInRow;
    private int silentInRow;
    private boolean openedBySilence;
    private boolean failedSinceClosed;
    private volatile @Nullable Fault lastFault;
    private long openedNanos;

    UnitBreaker(
            CircuitBreaker breaker,
            Duration refusedFor,
            int failureLimit,
            int silentLimit,
            LongSupplier nanoTime) {
        this.breaker = breaker;
        this.refusedFor = refusedFor;
        this.failureLimit = failureLimit;
        this.silentLimit = silentLimit;
        this.nanoTime = nanoTime;
    }

    public BreakerState state() {
        return switch (breaker.getState()) {
            case OPEN, FORCED_OPEN -> BreakerState.OPEN;
            case HALF_OPEN -> BreakerState.PROBING;
            case CLOSED, DISABLED, METRICS_ONLY -> BreakerState.CLOSED;
        };
    }

    public boolean closed() {
        return breaker.getState() == State.CLOSED;
    }

    /** What was held against the unit last, null when nothing was. */
    public @Nullable Fault lastFault() {
        return lastFault;
    }

    /**
     * Lets one request try a unit that is otherwise left alone. Who gets {@code true} must report
     * how it went, or call {@link #abandonProbe}.
     *
     * @param safe whether the request can be sent elsewhere when the unit fails it; others try only
     *     a unit that no safe request has tried for a while
     */
    public synchronized boolean tryProbe(boolean safe) {
        if (!safe && nanoTime.getAsLong() - openedNanos < UNSAFE_PROBE_AFTER.toNanos()) {
            return false;
        }
        return breaker.tryAcquirePermission();
    }

    public synchronized void abandonProbe() {
        breaker.releasePermission();
    }

    public synchronized void answered(long rttNanos) {
        failedInRow = 0;
        silentInRow = 0;
        State before = breaker.getState();
        boolean wasClosed = before == State.CLOSED;
        breaker.onSuccess(rttNanos, TimeUnit.NANOSECONDS);
        if (before != State.OPEN && breaker.getState() == State.OPEN && !failsTooOften()) {
            fault(Fault.Kind.SLOW);
            opened(false);
            return;
        }
        // An answer can be the one that makes them enough for a share: here a share of silences.
        boolean openedBySilenceNow = wasClosed && !failedSinceClosed;
        if (!closed() && (openedBySilence || openedBySilenceNow)) {
            breaker.transitionToClosedState();
        }
        if (closed() && !wasClosed) {
            failedSinceClosed = false;
        }
        openedBySilence = false;
    }

    private boolean failsTooOften() {
        return breaker.getMetrics().getFailureRate()
                >= breaker.getCircuitBreakerConfig().getFailureRateThreshold();
    }

    /** A broken connection, or an answer that says that the unit failed. */
    public synchronized void failed(long rttNanos) {
        fault(Fault.Kind.FAILED);
        failedSinceClosed = true;
        State before = breaker.getState();
        breaker.onError(rttNanos, TimeUnit.NANOSECONDS, FAILURE);
        failedInRow++;
        // One that has done well for long would otherwise fail ten requests before it is believed.
        if (closed() && failedInRow >= failureLimit) {
            breaker.transitionToOpenState();
        }
        if (before != State.OPEN && breaker.getState() == State.OPEN) {
            opened(false);
        }
    }

    /** No connection. */
    public synchronized void refused() {
        fault(Fault.Kind.REFUSED);
        leaveAloneForAWhile();
    }

    /** The unit says that it takes no requests, or another one is at its address: no fault. */
    public synchronized void declined() {
        lastFault = null;
        leaveAloneForAWhile();
    }

    private void leaveAloneForAWhile() {
        if (breaker.getState() != State.OPEN) {
            breaker.transitionToOpenStateFor(refusedFor);
            opened(false);
        }
    }

    /**
     * An attempt timed out, and the unit answered nobody since it began.
     *
     * @param proven whether another unit answered the same request quickly
     */
    public synchronized void silent(long rttNanos, boolean proven) {
        fault(Fault.Kind.SILENT);
        State before = breaker.getState();
        breaker.onError(rttNanos, TimeUnit.NANOSECONDS, FAILURE);
        silentInRow++;
        if (closed() && (proven || silentInRow >= silentLimit)) {
            breaker.transitionToOpenState();
        }
        if (before != State.OPEN && breaker.getState() == State.OPEN) {
            // One that had failed before is not a unit that only was silent.
            opened(before == State.CLOSED || openedBySilence);
        }
    }

    /**
     * Another unit has answered quickly what an attempt told of by {@link #silent} still waits for.
     */
    public synchronized void silenceProven() {
        if (closed()) {
            breaker.transitionToOpenState();
            opened(true);
        }
    }

    private void fault(Fault.Kind kind) {
        lastFault = new Fault(kind, nanoTime.getAsLong());
    }

    private void opened(boolean bySilence) {
        openedBySilence = bySilence;
        openedNanos = nanoTime.getAsLong();
    }

    private static final class UnitFailed extends RuntimeException {
        private UnitFailed() {
            super("unit failed", null, false, false);
        }
    }
}
