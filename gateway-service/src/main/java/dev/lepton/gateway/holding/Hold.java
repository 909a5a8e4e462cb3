package dev.lepton.gateway.holding;

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;
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
    private final Executor loop;
    private final Duration limit;
    private final Scheduler timers;
    private final LongSupplier nanoTime;
    private @Nullable Place place;
    private final Disposable.Swap end = Disposables.swap();
    private boolean active;
    private int wait;
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

    /**
     * @param loop where the request looks at the table
     */
    public Hold(
            WaitingRoom room,
            String service,
            Executor loop,
            Duration limit,
            Scheduler timers,
            LongSupplier nanoTime) {
        this.room = room;
        this.service = service;
        this.loop = loop;
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
     * @param look called when it is the request's turn after the routing table has come to show the
     *     service otherwise than before; ends with {@link #looked} when the request is held on. The
     *     one that was given with the place stays
     * @param expired called once with the number of this wait when the limit is reached, unless
     *     {@link #pause} or {@link #end} is called before
     */
    public Entry begin(Runnable look, IntConsumer expired) {
        Duration left = limit.minus(soFar());
        if (!left.isPositive()) {
            return Entry.SPENT;
        }
        if (place != null) {
            room.waitsAgain(place);
        } else {
            place = room.enter(service, loop, look);
        }
        if (place == null) {
            room.metrics().turnedAway(service);
            return Entry.FULL;
        }
        active = true;
        // Before its end is timed: it is not to look shorter than it was.
        beganNanos = nanoTime.getAsLong();
        timeEnd(left, expired);
        return Entry.HELD;
    }

    /** The wait begins anew, with its whole limit. */
    public void renew(IntConsumer expired) {
        if (active) {
            earlierNanos = 1;
            beganNanos = nanoTime.getAsLong();
            timeEnd(limit, expired);
        }
    }

    private void timeEnd(Duration after, IntConsumer expired) {
        int timed = ++wait;
        end.update(
                timers.schedule(
                        () -> expired.accept(timed), after.toNanos(), TimeUnit.NANOSECONDS));
    }

    /**
     * Whether this wait goes on: the end of one that was stopped or renewed may be told all the
     * same, when its time had just come.
     */
    public boolean active(int timed) {
        return active && timed == wait;
    }

    /** The request found no unit in the table that it could go to. */
    public void looked() {
        if (active && place != null) {
            room.looked(place);
        }
    }

    /** The request is tried again, and may come back to its place. */
    public void pause() {
        if (active) {
            stopClock();
            if (place != null) {
                room.underWay(place);
            }
        }
    }

    private void stopClock() {
        // At least a nanosecond, so that it counts as used.
        earlierNanos += Math.max(1, nanoTime.getAsLong() - beganNanos);
        active = false;
        end.update(Disposables.disposed());
    }

    /** A unit has answered the request as it should: others that are held may go there too. */
    public void served() {
        leave(true);
    }

    /** Gives the place back. */
    public void end() {
        leave(false);
    }

    private void leave(boolean served) {
        if (active) {
            stopClock();
        }
        Place given = place;
        if (given != null) {
            place = null;
            room.leave(given, served);
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
