package dev.lepton.registry.desired;

import dev.lepton.registry.changelog.ChangeWriter;
import java.time.InstantSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Wires the desired rows. */
@Configuration(proxyBeanMethods = false)
class DesiredConfiguration {

    @Bean
    Wishes wishes(JdbcClient jdbc, ChangeWriter writer, InstantSource time) {
        return new Wishes(new DesiredRows(jdbc), writer, time);
    }
}
