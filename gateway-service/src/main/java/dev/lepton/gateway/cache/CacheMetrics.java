package dev.lepton.gateway.cache;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Counts per service that has a cache. */
final class CacheMetrics {

    /** Where an answer came from. */
    enum Outcome {
        /** Given without asking the service. */
        HIT,
        /** Given after a unit had said that it still holds. */
        REVALIDATED,
        /** Given because the service failed. */
        STALE,
        /** Asked of the service. */
        MISS,
        /** Asked of the service, because no kept answer could be given to such a request. */
        PASSED
    }

    private final MeterRegistry registry;
    private final Map<String, Map<Outcome, Counter>> byService = new ConcurrentHashMap<>();

    CacheMetrics(MeterRegistry registry) {
        this.registry = registry;
    }

    void count(String service, Outcome outcome) {
        Counter counter = byService.computeIfAbsent(service, this::counters).get(outcome);
        if (counter != null) {
            counter.increment();
        }
    }

    private Map<Outcome, Counter> counters(String service) {
        Map<Outcome, Counter> counters = new EnumMap<>(Outcome.class);
        for (Outcome outcome : Outcome.values()) {
            counters.put(
                    outcome,
                    Counter.builder("lepton.gateway.cache")
                            .description("Reads of services that have a cache")
                            .tag("service", service)
                            .tag("outcome", outcome.name().toLowerCase(Locale.ROOT))
                            .register(registry));
        }
        return counters;
    }
}
