package dev.lepton.registry.database;

import java.util.Map;
import org.springframework.boot.flyway.autoconfigure.FlywayConfigurationCustomizer;
import org.springframework.boot.flyway.autoconfigure.FlywayConnectionDetails;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Makes the pool return quickly, and keeps migrations out of its short timeouts. */
@Configuration(proxyBeanMethods = false)
class DatabaseConfiguration {

    @Bean
    static PoolPreparation poolPreparation() {
        return new PoolPreparation();
    }

    /**
     * A migration may take longer than any statement of a running registry. For locks it waits
     * briefly nevertheless: behind it in the queue for one stand the beats.
     */
    @Bean
    FlywayConfigurationCustomizer migrationsTakeTheirTime(
            JdbcConnectionDetails database, FlywayConnectionDetails named) {
        return flyway -> {
            if (named.getJdbcUrl() == null) {
                flyway.jdbcProperties(
                        Map.of(
                                "ApplicationName", "lepton migration",
                                "connectTimeout", "1",
                                "loginTimeout", "5",
                                "hostRecheckSeconds", "1",
                                "tcpKeepAlive", "true",
                                "targetServerType", "primary",
                                "options", "-c lock_timeout=5s"));
                flyway.dataSource(
                        database.getJdbcUrl(), database.getUsername(), database.getPassword());
            }
        };
    }
}
