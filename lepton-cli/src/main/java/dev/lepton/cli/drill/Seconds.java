package dev.lepton.cli.drill;

import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Durations as people read them. */
final class Seconds {

    private Seconds() {}

    static String of(@Nullable Duration duration) {
        return duration == null
                ? "unknown"
                : String.format(Locale.ROOT, "%.2f s", duration.toMillis() / 1000.0);
    }
}
