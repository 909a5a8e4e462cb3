package dev.lepton.gateway.ratelimit;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Counts by limit, of which there are as many as are configured; never by client. */
final class RateLimitMetrics {

    /** How a request fared. */
    enum Outcome {
        ALLOWED,
        REFUSED,
        /** Let in by this gateway's own bucket, because Redis did not answer. */
        REDIS_AWAY
    }

    private final MeterRegistry registry;
    private final Map<String, Map<Outcome, Counter>> byLimit = new ConcurrentHashMap<>();

    RateLimitMetrics(MeterRegistry registry) {
        this.registry = registry;
    }

    void count(String limit, Outcome outcome) {
        Counter counter = byLimit.computeIfAbsent(limit, this::counters).get(outcome);
        if (counter != null) {
            counter.increment();
        }
    }

    private Map<Outcome, Counter> counters(String limit) {
        Map<Outcome, Counter> counters = new EnumMap<>(Outcome.class);
        for (Outcome outcome : Outcome.values()) {
            counters.put(
                    outcome,
                    Counter.builder("lepton.gateway.rate-limit")
                            .description("Requests that a rate limit was asked about")
                            .tag("limit", limit)
                            .tag(
                                    "outcome",
                                    outcome.name().toLowerCase(Locale.ROOT).replace('_', '-'))
                            .register(registry));
        }
        return counters;
    }
}
