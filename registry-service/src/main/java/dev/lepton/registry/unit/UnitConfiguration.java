package dev.lepton.registry.unit;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcOperations;

/** Wires the readers of units. */
@Configuration(proxyBeanMethods = false)
class UnitConfiguration {

    @Bean
    Units units(UnitRecords records, JdbcOperations jdbc) {
        return new Units(records, new Starts(jdbc));
    }
}
