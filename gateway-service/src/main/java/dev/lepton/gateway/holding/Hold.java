package dev.lepton.gateway.holding;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.scheduler.Scheduler;

/**
 * The waits of one request, which all together last no longer than the limit. Between two of them
 * it keeps its place in the room. Not for several threads at once, except that what it calls is
 * called on others.
 */
public final class Hold {

    private final WaitingRoom room;
    private final String service;
    private final Duration limit;
    private final Scheduler timers;
    private final LongSupplier nanoTime;
    private @Nullable Disposable place;
    private final Disposable.Swap end = Disposables.swap();
    private boolean active;
    private long beganNanos;
    private long earlierNanos;

    /** Whether a request is held. */
    public enum Entry {
        HELD,
        /** Too many requests of the service are. */
        FULL,
        /** It was for as long as it may be. */
        SPENT
    }

    public Hold(
            WaitingRoom room,
            String service,
            Duration limit,
            Scheduler timers,
            LongSupplier nanoTime) {
        this.room = room;
        this.service = service;
        this.limit = limit;
        this.timers = timers;
        this.nanoTime = nanoTime;
    }

    public boolean active() {
        return active;
    }

    /** Whether the request was held at all. */
    public boolean used() {
        return active || earlierNanos > 0;
    }

    /** How long the request was held until now. */
    public Duration soFar() {
        long running = active ? nanoTime.getAsLong() - beganNanos : 0;
        return Duration.ofNanos(earlierNanos + running);
    }

    /**
     * @param look called whenever the routing table shows the service otherwise than before; the
     *     one that was given with the place stays
     * @param expired called once when the limit is reached, unless {@link #pause} or {@link #end}
     *     is called before
     */
    public Entry begin(Runnable look, Runnable expired) {
        Duration left = limit.minus(soFar());
        if (!left.isPositive()) {
            return Entry.SPENT;
        }
        if (place == null) {
            place = room.enter(service, look);
        }
        if (place == null) {
            room.metrics().turnedAway(service);
            return Entry.FULL;
        }
        end.update(timers.schedule(expired, left.toNanos(), TimeUnit.NANOSECONDS));
        active = true;
        beganNanos = nanoTime.getAsLong();
        return Entry.HELD;
    }

    /** The wait begins anew, with its whole limit. */
    public void renew(Runnable expired) {
        if (active) {
            earlierNanos = 1;
            beganNanos = nanoTime.getAsLong();
            end.update(timers.schedule(expired, limit.toNanos(), TimeUnit.NANOSECONDS));
        }
    }

    /** The request is tried again, and may come back to its place. */
    public void pause() {
        if (active) {
            // At least a nanosecond, so that it counts as used.
            earlierNanos += Math.max(1, nanoTime.getAsLong() - beganNanos);
            active = false;
            end.update(Disposables.disposed());
        }
    }

    /** Gives the place back. */
    public void end() {
        pause();
        Disposable given = place;
        if (given != null) {
            place = null;
            given.dispose();
        }
    }

    /** Ends it and counts it as a wait in vain. */
    public void expire() {
        if (active) {
            end();
            room.metrics().expired(service);
        }
    }
}
