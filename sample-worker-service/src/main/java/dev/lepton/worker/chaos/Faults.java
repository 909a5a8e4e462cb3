package dev.lepton.worker.chaos;

import java.time.Duration;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/** What is wrong with the requests at the moment: a delay, errors at a ratio, each for a while. */
final class Faults {

    private final LongSupplier nanos;
    private final RandomGenerator random;
    private volatile Slowness slowness;
    private volatile Errors errors;

    Faults(LongSupplier nanos, RandomGenerator random) {
        this.nanos = nanos;
        this.random = random;
        this.slowness = new Slowness(Duration.ZERO, nanos.getAsLong());
        this.errors = new Errors(0, nanos.getAsLong());
    }

    void slow(Duration delay, Duration length) {
        slowness = new Slowness(delay, nanos.getAsLong() + length.toNanos());
    }

    void errors(double ratio, Duration length) {
        errors = new Errors(ratio, nanos.getAsLong() + length.toNanos());
    }

    /** How long this request is to wait. */
    Duration delay() {
        Slowness now = slowness;
        return now.untilNanos - nanos.getAsLong() > 0 ? now.delay : Duration.ZERO;
    }

    /** Whether this request is to fail. */
    boolean fails() {
        Errors now = errors;
        return now.untilNanos - nanos.getAsLong() > 0 && random.nextDouble() < now.ratio;
    }

    private record Slowness(Duration delay, long untilNanos) {}

    private record Errors(double ratio, long untilNanos) {}
}
