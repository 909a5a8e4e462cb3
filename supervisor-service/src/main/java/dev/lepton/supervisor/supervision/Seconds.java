package dev.lepton.supervisor.supervision;

import java.time.Duration;

/** A duration as people read it. */
final class Seconds {

    private Seconds() {}

    static String of(Duration duration) {
        return "%.1f s".formatted(duration.toMillis() / 1000.0);
    }
}
