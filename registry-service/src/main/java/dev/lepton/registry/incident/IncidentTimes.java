package dev.lepton.registry.incident;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** When an incident went from one stage to the next, all by one observer's clock; null unknown. */
record IncidentTimes(
        @Nullable Instant lastWellAt,
        @Nullable Instant detectedAt,
        @Nullable Instant decidedAt,
        @Nullable Instant startedAt,
        @Nullable Instant servedAt) {

    private static final IncidentTimes UNKNOWN = new IncidentTimes(null, null, null, null, null);

    /**
     * As the change log tells them. What was before the last return of the failed start is another
     * failure of it; when the unit was last well the log does not know. That a drill struck it is
     * not told by the log.
     */
    static IncidentTimes logged(List<IncidentStep> steps) {
        IncidentTimes times = UNKNOWN;
        boolean returned = false;
        for (IncidentStep step : steps) {
            if (step.ofDrill()) {
                continue;
            }
            Instant at = step.at();
            if (times.detectedAt == null || returned) {
                times = new IncidentTimes(null, at, null, null, null);
            }
            returned = step.event().equals("returned");
            times =
                    switch (step.event()) {
                        case "restarting", "quarantined" ->
                                times.decidedAt == null
                                        ? times.with(at, times.startedAt, times.servedAt)
                                        : times;
                        case "registered" -> times.with(times.decidedAt, at, times.servedAt);
                        case "started", "recovered" ->
                                times.with(times.decidedAt, times.startedAt, at);
                        default -> times;
                    };
        }
        return times;
    }

    @Nullable Duration detect() {
        return between(lastWellAt, detectedAt);
    }

    @Nullable Duration decide() {
        return between(detectedAt, decidedAt);
    }

    @Nullable Duration start() {
        return between(decidedAt, startedAt);
    }

    @Nullable Duration serve() {
        return between(startedAt, servedAt);
    }

    /** A clock that was set back in between has measured nothing. */
    private static @Nullable Duration between(@Nullable Instant begin, @Nullable Instant end) {
        return begin == null || end == null || end.isBefore(begin)
                ? null
                : Duration.between(begin, end);
    }

    private IncidentTimes with(
            @Nullable Instant decided, @Nullable Instant started, @Nullable Instant served) {
        return new IncidentTimes(lastWellAt, detectedAt, decided, started, served);
    }
}
