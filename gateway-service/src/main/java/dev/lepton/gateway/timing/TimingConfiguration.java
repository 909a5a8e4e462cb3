package dev.lepton.gateway.timing;

import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.LongSupplier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class TimingConfiguration {

    @Bean
    RequestTimes requestTimes(MeterRegistry meters, LongSupplier nanoTime) {
        return new RequestTimes(meters, nanoTime);
    }
}
