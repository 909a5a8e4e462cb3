package dev.lepton.gateway.breaker;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.function.LongSupplier;

/**
 * A clock that follows the monotonic one, so that a step of the wall clock neither opens nor shuts
 * a breaker. Its instants mean nothing outside this process.
 */
final class MonotonicClock extends Clock {

    private final LongSupplier nanoTime;

    MonotonicClock(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    @Override
    public Instant instant() {
        return Instant.EPOCH.plusNanos(nanoTime.getAsLong());
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        return this;
    }
}
