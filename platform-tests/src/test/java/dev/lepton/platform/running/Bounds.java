package dev.lepton.platform.running;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;

/**
 * Time bounds: always printed; asserted exactly with {@code -Pendurance}, at three times the bound
 * otherwise.
 */
public final class Bounds {

    public static final boolean ENDURANCE = Boolean.getBoolean("lepton.endurance");
    private static final int FACTOR = ENDURANCE ? 1 : 3;

    private Bounds() {}

    static boolean runIsLong() {
        return ENDURANCE || Boolean.getBoolean("lepton.full");
    }

    public static void holds(String what, Duration measured, Duration bound) {
        System.out.printf(
                "  %s: %d ms (bound %d ms)%n", what, measured.toMillis(), bound.toMillis());
        assertThat(measured).as(what).isLessThanOrEqualTo(bound.multipliedBy(FACTOR));
    }

    /** How long ago a reading of {@link System#nanoTime()} was. */
    public static Duration since(long nanos) {
        return Duration.ofNanos(System.nanoTime() - nanos);
    }

    /** The stated length with {@code -Pendurance}, the short one otherwise. */
    public static Duration length(Duration stated, Duration shorter) {
        return ENDURANCE ? stated : shorter;
    }
}
