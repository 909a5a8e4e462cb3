package dev.lepton.registry.brake;

import dev.lepton.registry.settings.BrakeSettings;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionOperations;

/** Wires the brake. */
@Configuration(proxyBeanMethods = false)
class BrakeConfiguration {

    @Bean
    Brake brake(JdbcClient jdbc, TransactionOperations transactions, BrakeSettings settings) {
        return new Brake(new BrakeRows(jdbc), transactions, settings.permitDuration());
    }
}
