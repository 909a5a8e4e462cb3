package dev.lepton.client.watch;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * Full jitter: nothing before the first attempt, and {@code min(longest, first * 2^(n-1)) *
 * random[0,1)} before the n-th after it, so that watches that lost one registry do not come back
 * together.
 */
final class Backoff {

    private static final int MAX_DOUBLINGS = 30;

    private final long firstNanos;
    private final long longestNanos;
    private final RandomGenerator random;
    private int attempts;

    Backoff(Duration first, Duration longest, RandomGenerator random) {
        this.firstNanos = first.toNanos();
        this.longestNanos = longest.toNanos();
        this.random = random;
    }

    /** How long to wait before the attempt that follows. */
    long nextNanos() {
        int attempt = attempts++;
        if (attempt == 0) {
            return 0;
        }
        double bound = Math.scalb((double) firstNanos, Math.min(attempt - 1, MAX_DOUBLINGS));
        return (long) (Math.min(bound, longestNanos) * random.nextDouble());
    }

    void reset() {
        attempts = 0;
    }
}
