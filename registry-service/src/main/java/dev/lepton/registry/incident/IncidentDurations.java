package dev.lepton.registry.incident;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Duration;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * How long the stages of an incident took. Each is measured by one clock from its beginning to its
 * end: the supervisor's, which is nearer, else the registry's.
 *
 * @param detect from when the unit was last well until the failure was seen
 * @param decide from then until it was decided what to do
 * @param start from then until the next process was started; for the registry, had registered
 * @param serve from then until the unit served again
 * @param clocks whose clock has measured each of them
 */
record IncidentDurations(
        @Nullable Duration detect,
        @Nullable Duration decide,
        @Nullable Duration start,
        @Nullable Duration serve,
        Clocks clocks) {

    /** An observer of incidents, which has a clock of its own. */
    enum Clock {
        @JsonProperty("supervisor")
        SUPERVISOR,
        @JsonProperty("registry")
        REGISTRY
    }

    /** For each duration that is known, who has measured it. */
    record Clocks(
            @Nullable Clock detect,
            @Nullable Clock decide,
            @Nullable Clock start,
            @Nullable Clock serve) {}

    static IncidentDurations of(IncidentTimes supervisor, IncidentTimes registry) {
        Measured detect = measured(supervisor, registry, IncidentTimes::detect);
        Measured decide = measured(supervisor, registry, IncidentTimes::decide);
        Measured start = measured(supervisor, registry, IncidentTimes::start);
        Measured serve = measured(supervisor, registry, IncidentTimes::serve);
        return new IncidentDurations(
                detect.took,
                decide.took,
                start.took,
                serve.took,
                new Clocks(detect.clock, decide.clock, start.clock, serve.clock));
    }

    private static Measured measured(
            IncidentTimes supervisor,
            IncidentTimes registry,
            Function<IncidentTimes, @Nullable Duration> stage) {
        Duration near = stage.apply(supervisor);
        if (near != null) {
            return new Measured(near, Clock.SUPERVISOR);
        }
        Duration far = stage.apply(registry);
        return new Measured(far, far == null ? null : Clock.REGISTRY);
    }

    private record Measured(@Nullable Duration took, @Nullable Clock clock) {}
}
