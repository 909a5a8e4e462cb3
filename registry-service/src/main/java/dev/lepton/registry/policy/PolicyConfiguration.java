package dev.lepton.registry.policy;

import dev.lepton.registry.time.NanoClock;
import dev.lepton.registry.time.PeriodicLoop;
import java.time.Duration;
import java.time.InstantSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Wires the policies. Whoever is given {@link Policies} finds them read. */
@Configuration(proxyBeanMethods = false)
class PolicyConfiguration {

    private static final Duration READ_EVERY = Duration.ofMillis(500);

    @Bean
    PolicyBook policyBook(PolicyVersions versions, InstantSource time) {
        return new PolicyBook(versions, time);
    }

    @Bean(initMethod = "read")
    Policies policies(JdbcClient jdbc) {
        return new Policies(jdbc);
    }

    @Bean
    PeriodicLoop policyRead(Policies policies, NanoClock clock) {
        return new PeriodicLoop("policy-read", READ_EVERY, policies::read, clock);
    }
}
