package dev.lepton.registry.registration;

import dev.lepton.registry.time.NanoClock;
import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * Spreads those who must come again over the time that the work before them takes: each is given
 * the place after the one before, at the rate at which work has lately been done, and comes at a
 * random moment of the second after it, because {@code Retry-After} knows only whole seconds. Safe
 * for many threads.
 *
 * <p>A rate that is taken too low leaves the registry idle between appointments, one too high sends
 * callers away twice; it is learnt anew each second, and only while there is more to do than is
 * done.
 */
final class Appointments {

    private static final Duration LATEST = Duration.ofSeconds(60);
    private static final long SECOND = Duration.ofSeconds(1).toNanos();
    private static final double WEIGHT_OF_NEWS = 0.5;

    private final NanoClock clock;
    private final RandomGenerator random;
    private final double slowest;
    private double perSecond;
    private long free;
    private long windowBegin;
    private int done;
    private boolean crowded;

    /**
     * @param perSecond the rate that is assumed before any was seen; half of it is the least that
     *     is believed, because a herd slows its own beginning
     */
    Appointments(double perSecond, NanoClock clock, RandomGenerator random) {
        this.perSecond = perSecond;
        this.slowest = perSecond / 2;
        this.clock = clock;
        this.random = random;
        this.free = clock.nanos();
        this.windowBegin = free;
    }

    /** When to come again. */
    synchronized Duration next() {
        long now = clock.nanos();
        crowded = true;
        if (free - now < 0) {
            free = now;
        }
        long place = free - now;
        if (place >= LATEST.toNanos()) {
            // All places are given out: spread, or all who are left would come at once.
            return Duration.ofNanos(LATEST.toNanos() / 2 + random.nextLong(LATEST.toNanos() / 2));
        }
        free += (long) (SECOND / perSecond);
        return Duration.ofNanos(place + random.nextLong(SECOND));
    }

    /** One more is done. */
    synchronized void done() {
        long now = clock.nanos();
        done++;
        long elapsed = now - windowBegin;
        if (elapsed < SECOND) {
            return;
        }
        if (crowded) {
            double seen = done * (double) SECOND / elapsed;
            perSecond += WEIGHT_OF_NEWS * (Math.max(slowest, seen) - perSecond);
        }
        windowBegin = now;
        done = 0;
        crowded = false;
    }

    synchronized double perSecond() {
        return perSecond;
    }
}
