package dev.lepton.gateway.ratelimit;

import dev.lepton.gateway.metrics.OutcomeCounters;
import dev.lepton.gateway.settings.GatewaySettings;
import dev.lepton.gateway.settings.RateLimitSettings;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.LongSupplier;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.cloud.gateway.support.ConfigurationService;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;

@Configuration(proxyBeanMethods = false)
class RateLimitConfiguration {

    @Bean
    RateLimits rateLimits(
            RateLimitSettings settings,
            ObjectProvider<SharedBuckets> shared,
            MeterRegistry meters,
            LongSupplier nanoTime) {
        return new RateLimits(
                new LocalBuckets(settings.keys(), nanoTime),
                shared.getIfAvailable(),
                new OutcomeCounters<>(
                        meters,
                        "lepton.gateway.rate-limit",
                        "Requests that a rate limit was asked about",
                        "limit",
                        Outcome.class));
    }

    @Bean
    ClientKeys clientKeys(GatewaySettings settings) {
        return new ClientKeys(new ClientAddress(settings.trustedNetworks()));
    }

    @Bean
    RateLimitFilter rateLimitFilter(GatewaySettings settings, RateLimits limits, ClientKeys keys) {
        return new RateLimitFilter(settings.rateLimits(), limits, keys);
    }

    /** Before that of Spring Cloud Gateway, which is there where Redis is. */
    @Bean
    @Primary
    RouteRateLimiter routeRateLimiter(RateLimits limits, ConfigurationService configuration) {
        return new RouteRateLimiter(limits, configuration);
    }
}
