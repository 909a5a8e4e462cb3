package dev.lepton.gateway.holding;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Counts what is held, per service. */
public final class HoldMetrics {

    private final MeterRegistry registry;
    private final Map<String, Meters> byService = new ConcurrentHashMap<>();

    public HoldMetrics(MeterRegistry registry) {
        this.registry = registry;
    }

    void entered(String service) {
        Meters meters = of(service);
        meters.now.incrementAndGet();
        meters.holds.increment();
    }

    void left(String service) {
        of(service).now.decrementAndGet();
    }

    void expired(String service) {
        of(service).expired.increment();
    }

    void turnedAway(String service) {
        of(service).turnedAway.increment();
    }

    private Meters of(String service) {
        return byService.computeIfAbsent(service, name -> new Meters(registry, name));
    }

    private static final class Meters {

        private final AtomicInteger now = new AtomicInteger();
        private final Counter holds;
        private final Counter expired;
        private final Counter turnedAway;

        Meters(MeterRegistry registry, String service) {
            Gauge.builder("lepton.gateway.held", now, AtomicInteger::get)
                    .description(
                            "Requests that wait for a unit to come back, or try whether it has")
                    .tag("service", service)
                    .register(registry);
            holds =
                    Counter.builder("lepton.gateway.holds")
                            .description("Requests that were held")
                            .tag("service", service)
                            .register(registry);
            expired =
                    Counter.builder("lepton.gateway.holds.expired")
                            .description("Requests that were held as long as allowed, in vain")
                            .tag("service", service)
                            .register(registry);
            turnedAway =
                    Counter.builder("lepton.gateway.holds.turned-away")
                            .description("Requests that were not held because too many were")
                            .tag("service", service)
                            .register(registry);
        }
    }
}
