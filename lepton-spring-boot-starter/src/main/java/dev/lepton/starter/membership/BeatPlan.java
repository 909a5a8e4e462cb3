package dev.lepton.starter.membership;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * Decides what the beating thread does next: register, beat, or wait. Time comes in as nanoseconds
 * of the monotonic clock.
 *
 * <p>Registrations that fail are repeated after a pause with full jitter: uniform in [0, min(5 s,
 * 100 ms · 2^n)), at least 20 ms. Beats run from start to start at the interval that the registry
 * assigns, whatever becomes of them; those missed in a pause of the process are not made up for.
 */
final class BeatPlan {

    static final Duration FIRST_PAUSE = Duration.ofMillis(100);
    static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);
    static final Duration PAUSE_AFTER_REJECTION = Duration.ofSeconds(30);
    private static final Duration SHORTEST_PAUSE = Duration.ofMillis(20);

    private final RandomGenerator random;
    private boolean over;
    private boolean registrationWanted = true;
    private boolean leaving;
    private int failures;
    private long registerAt;
    private boolean beating;
    private long beatAt;
    private long interval;

    BeatPlan(RandomGenerator random, long now) {
        this.random = random;
        this.registerAt = now;
        this.beatAt = now;
    }

    /** The next thing to do. */
    sealed interface Step {}

    record Register() implements Step {}

    record Beat() implements Step {}

    record Wait(long nanos) implements Step {}

    /** Nothing any more, for good. */
    record Over() implements Step {}

    Step next(long now) {
        boolean registers = registrationWanted && !leaving;
        if (over) {
            return new Over();
        }
        if (beating && beatAt - now <= 0) {
            return new Beat();
        }
        if (registers && registerAt - now <= 0) {
            return new Register();
        }
        long wait = Duration.ofHours(1).toNanos();
        if (beating) {
            wait = Math.min(wait, beatAt - now);
        }
        if (registers) {
            wait = Math.min(wait, registerAt - now);
        }
        return new Wait(wait);
    }

    /**
     * @param firstBeatAtOnce whether there is already something to say; else the first beat comes
     *     with {@link #beatNow} or after one interval
     */
    void registered(Duration interval, boolean firstBeatAtOnce, long now) {
        registrationWanted = false;
        failures = 0;
        beating = true;
        this.interval = interval.toNanos();
        beatAt = firstBeatAtOnce ? now : now + this.interval;
    }

    /** A beat starts now. */
    void beatStarts(long now) {
        beatAt += interval;
        if (beatAt - now <= 0) {
            beatAt = now + interval;
        }
    }

    void beatAccepted(Duration interval, long now) {
        registrationWanted = false;
        failures = 0;
        this.interval = interval.toNanos();
        if (beatAt - now > this.interval) {
            beatAt = now + this.interval;
        }
    }

    /** There is news that the registry should hear before the next beat is due. */
    void beatNow(long now) {
        beatAt = now;
    }

    /** The registry does not know the unit; once a registration is due, its pause stays. */
    void notRegistered(long now) {
        if (!registrationWanted) {
            registerAt = now;
        }
        registrationWanted = true;
    }

    /** No registry took the registration. */
    void registrationFailed(Duration atLeast, long now) {
        long ceiling =
                Math.min(
                        LONGEST_PAUSE.toNanos(),
                        FIRST_PAUSE.toNanos() << Math.min(failures, Long.SIZE / 4));
        failures++;
        long jittered = Math.max(SHORTEST_PAUSE.toNanos(), random.nextLong(ceiling));
        registerAt = now + Math.max(atLeast.toNanos(), jittered);
    }

    /** Another start holds the unit, so that this one has nothing to renew. */
    void inUse(Duration retryAfter, long now) {
        beating = false;
        registerAt = now + retryAfter.toNanos() + random.nextLong(FIRST_PAUSE.toNanos());
    }

    /** The registration is not acceptable as it stands. */
    void rejected(long now) {
        registerAt = now + PAUSE_AFTER_REJECTION.toNanos();
    }

    /** The process stops: beats go on, no registration follows any more. */
    void leave() {
        leaving = true;
    }

    void superseded() {
        over = true;
    }
}
