package dev.lepton.gateway.breaker;

import dev.lepton.gateway.settings.GatewaySettings.BreakerSettings;
import java.time.Duration;
import java.util.function.LongSupplier;

/** Breakers of units for tests, as they are without any settings. */
public final class SomeBreakers {

    public static final BreakerSettings SETTINGS = judgingBy(20, 5);

    private SomeBreakers() {}

    public static Breakers at(LongSupplier nanoTime) {
        return new Breakers(SETTINGS, nanoTime);
    }

    /** That open at the first failure. */
    public static Breakers strict(LongSupplier nanoTime) {
        return new Breakers(judgingBy(1, 1), nanoTime);
    }

    private static BreakerSettings judgingBy(int window, int minimum) {
        return new BreakerSettings(
                Duration.ofSeconds(2),
                Duration.ofSeconds(60),
                Duration.ofSeconds(1),
                window,
                minimum,
                0.5,
                5,
                Duration.ofSeconds(2),
                0.8,
                3);
    }
}
