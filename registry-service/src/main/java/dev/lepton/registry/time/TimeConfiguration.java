package dev.lepton.registry.time;

import java.time.Clock;
import java.time.Duration;
import java.time.InstantSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Hands out the clocks: wall time for facts that are stored, monotonic time for durations. */
@Configuration(proxyBeanMethods = false)
class TimeConfiguration {

    /** To the microsecond, which PostgreSQL keeps: what is answered now and read later is equal. */
    @Bean
    InstantSource instantSource() {
        return Clock.tick(Clock.systemUTC(), Duration.ofNanos(1000));
    }

    @Bean
    NanoClock nanoClock() {
        return System::nanoTime;
    }
}
