package dev.lepton.registry.outage;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;

/**
 * Time bounds: always printed; asserted exactly with {@code -Pendurance}, at three times the bound
 * otherwise.
 */
final class Bounds {

    static final boolean ENDURANCE = Boolean.getBoolean("lepton.endurance");
    private static final int FACTOR = ENDURANCE ? 1 : 3;

    private Bounds() {}

    /** Whether all faults are tried, and not only the most telling. */
    static boolean runIsLong() {
        return ENDURANCE || Boolean.getBoolean("lepton.full");
    }

    static void holds(String what, Duration measured, Duration bound) {
        System.out.printf(
                "  %s: %d ms (bound %d ms)%n", what, measured.toMillis(), bound.toMillis());
        assertThat(measured).as(what).isLessThanOrEqualTo(bound.multipliedBy(FACTOR));
    }

    static Duration since(long nanos) {
        return Duration.ofNanos(System.nanoTime() - nanos);
    }

    /** The stated length with {@code -Pendurance}, the short one otherwise. */
    static Duration length(Duration stated, Duration shorter) {
        return ENDURANCE ? stated : shorter;
    }
}
