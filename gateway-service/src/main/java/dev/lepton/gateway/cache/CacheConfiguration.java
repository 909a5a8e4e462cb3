package dev.lepton.gateway.cache;

import dev.lepton.gateway.cache.CacheFilter.Cached;
import dev.lepton.gateway.metrics.OutcomeCounters;
import dev.lepton.gateway.settings.CacheSettings;
import dev.lepton.gateway.settings.GatewaySettings;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class CacheConfiguration {

    @Bean
    ResponseCache responseCache(CacheSettings settings, MeterRegistry meters) {
        ResponseCache cache = new ResponseCache(settings.size().toBytes());
        Gauge.builder("lepton.gateway.cache.bytes", cache, ResponseCache::weight)
                .description("Memory that kept answers take")
                .baseUnit("bytes")
                .register(meters);
        return cache;
    }

    @Bean
    CacheFilter cacheFilter(
            GatewaySettings gateway,
            CacheSettings settings,
            ResponseCache cache,
            MeterRegistry meters,
            LongSupplier nanoTime) {
        return new CacheFilter(
                cached(gateway),
                new CacheFilter.Shared(
                        cache,
                        settings.maxBody().toBytes(),
                        new OutcomeCounters<>(
                                meters,
                                "lepton.gateway.cache",
                                "Reads of services that have a cache",
                                "service",
                                Outcome.class),
                        nanoTime,
                        InstantSource.system()));
    }

    private static Map<String, Cached> cached(GatewaySettings gateway) {
        Map<String, Cached> cached = new HashMap<>();
        gateway.services()
                .forEach((service, settings) -> {
                    if (settings.cache() != null && settings.cache().enabled()) {
                        cached.put(
                                service,
                                new Cached(
                                        settings.cache().staleIfError(), settings.versionHeader()));
                    }
                });
        return cached;
    }
}
