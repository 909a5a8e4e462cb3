package dev.lepton.gateway.timing;

import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.LongSupplier;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class TimingConfiguration {

    /** Else Spring Boot times them. */
    @Bean
    @ConditionalOnProperty(
            name = "management.observations.enable.http.server.requests",
            havingValue = "false")
    RequestTimes requestTimes(MeterRegistry meters, LongSupplier nanoTime) {
        return new RequestTimes(meters, nanoTime);
    }
}
