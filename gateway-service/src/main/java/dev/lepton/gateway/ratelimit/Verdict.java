package dev.lepton.gateway.ratelimit;

import java.time.Duration;

/**
 * Whether a request may go on.
 *
 * @param remaining tokens that are left
 * @param pause until there are enough tokens for a request that was refused
 * @param full until the bucket is full again, if nothing takes from it
 */
record Verdict(boolean allowed, long remaining, Duration pause, Duration full) {

    /** In whole seconds, as HTTP wants it, and never so early that the next one is refused too. */
    static long seconds(Duration duration) {
        return duration.toSeconds() + (duration.getNano() > 0 ? 1 : 0);
    }
}
