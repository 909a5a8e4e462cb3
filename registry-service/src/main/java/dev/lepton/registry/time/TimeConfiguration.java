package dev.lepton.registry.time;

import java.time.InstantSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Hands out the clocks: wall time for facts that are stored, monotonic time for durations. */
@Configuration(proxyBeanMethods = false)
class TimeConfiguration {

    @Bean
    InstantSource instantSource() {
        return InstantSource.system();
    }

    @Bean
    NanoClock nanoClock() {
        return System::nanoTime;
    }
}
