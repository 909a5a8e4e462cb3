package dev.lepton.gateway.forwarding;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Counts per service; never per unit, whose names are without number. */
final class ForwardingMetrics {

    /**
     * Stands for all names that no service has: a client can make up any number of them. No service
     * can be called so.
     */
    static final String NO_SERVICE = "(unknown)";

    private final MeterRegistry registry;
    private final Map<String, Counters> byService = new ConcurrentHashMap<>();

    ForwardingMetrics(MeterRegistry registry) {
        this.registry = registry;
    }

    void attempt(String service, int number) {
        Counters counters = of(service);
        counters.attempts.increment();
        if (number > 1) {
            counters.retries.increment();
        }
    }

    /** A second attempt begins because the first takes longer than most. */
    void hedge(String service) {
        of(service).hedges.increment();
    }

    /** A request is not sent again because the budget of its service is spent. */
    void retryRefused(String service) {
        of(service).retriesRefused.increment();
    }

    void ended(String service, RequestOutcome outcome) {
        Counter counter = of(service).outcomes.get(outcome);
        if (counter != null) {
            counter.increment();
        }
    }

    private Counters of(String service) {
        return byService.computeIfAbsent(service, name -> new Counters(registry, name));
    }

    private static final class Counters {

        private final Counter attempts;
        private final Counter retries;
        private final Counter retriesRefused;
        private final Counter hedges;
        private final Map<RequestOutcome, Counter> outcomes = new EnumMap<>(RequestOutcome.class);

        Counters(MeterRegistry registry, String service) {
            attempts =
                    Counter.builder("lepton.gateway.attempts")
                            .description("Attempts at units, hedges included")
                            .tag("service", service)
                            .register(registry);
            retries =
                    Counter.builder("lepton.gateway.retries")
                            .description("Attempts at another unit than the first")
                            .tag("service", service)
                            .register(registry);
            hedges =
                    Counter.builder("lepton.gateway.hedges")
                            .description("Second attempts of requests that took longer than most")
                            .tag("service", service)
                            .register(registry);
            retriesRefused =
                    Counter.builder("lepton.gateway.retries.refused")
                            .description(
                                    "Requests not sent again because the retry budget was spent")
                            .tag("service", service)
                            .register(registry);
            for (RequestOutcome outcome : RequestOutcome.values()) {
                outcomes.put(
                        outcome,
                        Counter.builder("lepton.gateway.requests")
                                .description("Requests to units, by how they ended")
                                .tag("service", service)
                                .tag("outcome", outcome.tag())
                                .register(registry));
            }
        }
    }
}
