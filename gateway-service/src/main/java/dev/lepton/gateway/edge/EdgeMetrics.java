package dev.lepton.gateway.edge;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Map;

/** Counts what is refused, by reason and never by what a client sent. */
final class EdgeMetrics {

    private final MeterRegistry registry;
    private final Map<Refusal, Counter> requests = new EnumMap<>(Refusal.class);

    EdgeMetrics(MeterRegistry registry) {
        this.registry = registry;
        for (Refusal refusal : Refusal.values()) {
            requests.put(refusal, refused(refusal.code()));
        }
    }

    void refused(Refusal refusal) {
        Counter counter = requests.get(refusal);
        if (counter != null) {
            counter.increment();
        }
    }

    Counter refused(String reason) {
        return Counter.builder("lepton.gateway.edge.refused")
                .description("Requests and connections that were refused at the edge")
                .tag("reason", reason)
                .register(registry);
    }
}
