package dev.lepton.gateway.breaker;

import dev.lepton.gateway.settings.GatewaySettings.BreakerSettings;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowType;
import io.github.resilience4j.core.IntervalFunction;
import java.util.function.LongSupplier;

/**
 * Makes the breaker of each start of a unit; nothing refers to one but its unit, so it goes with
 * it.
 */
public final class Breakers {

    private static final double GROWTH = 2;

    private final BreakerSettings settings;
    private final LongSupplier nanoTime;
    private final CircuitBreakerConfig config;

    public Breakers(BreakerSettings settings, LongSupplier nanoTime) {
        this.settings = settings;
        this.nanoTime = nanoTime;
        this.config =
                CircuitBreakerConfig.custom()
                        .slidingWindow(
                                settings.window(),
                                settings.minimum(),
                                SlidingWindowType.COUNT_BASED)
                        .failureRateThreshold((float) (settings.failureRatio() * 100))
                        .slowCallDurationThreshold(settings.slow())
                        .slowCallRateThreshold((float) (settings.slowRatio() * 100))
                        .waitIntervalFunctionInOpenState(
                                IntervalFunction.ofExponentialBackoff(
                                        settings.open(), GROWTH, settings.maxOpen()))
                        .permittedNumberOfCallsInHalfOpenState(1)
                        .writableStackTraceEnabled(false)
                        .clock(new MonotonicClock(nanoTime))
                        .build();
    }

    public UnitBreaker create(String name) {
        return new UnitBreaker(
                CircuitBreaker.of(name, config),
                settings.refused(),
                settings.failuresInRow(),
                settings.silentAttempts(),
                nanoTime);
    }
}
