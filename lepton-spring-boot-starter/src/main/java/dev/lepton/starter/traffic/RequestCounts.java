package dev.lepton.starter.traffic;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * Counts the requests that were taken, self-checks apart: their progress shows whether a unit whose
 * self-check is not answered is slow or hung.
 */
public final class RequestCounts {

    private final LongSupplier nanos;
    private final AtomicInteger inFlight = new AtomicInteger();
    private final AtomicLong completed = new AtomicLong();
    private volatile long lastNamedArrival;

    public RequestCounts(LongSupplier nanos) {
        this.nanos = nanos;
        this.lastNamedArrival = nanos.getAsLong();
    }

    /** A request that names a unit has come, taken or not. */
    public void namedArrived() {
        lastNamedArrival = nanos.getAsLong();
    }

    /** When a gateway's request came last, on the monotonic clock; the start when none came. */
    public long lastNamedArrivalNanos() {
        return lastNamedArrival;
    }

    public void begun() {
        inFlight.incrementAndGet();
    }

    public void ended() {
        inFlight.decrementAndGet();
        completed.incrementAndGet();
    }

    public int inFlight() {
        return inFlight.get();
    }

    public long completed() {
        return completed.get();
    }
}
