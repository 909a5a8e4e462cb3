package dev.lepton.registry.postgres;

import dev.lepton.registry.time.NanoClock;
import java.nio.file.Path;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;

/** Brings the embedded PostgreSQL up before anything asks for a connection. */
@Configuration(proxyBeanMethods = false)
@Conditional(NoDatabaseNamed.class)
@EnableConfigurationProperties(PostgresSettings.class)
class PostgresConfiguration {

    @Bean(destroyMethod = "close")
    @ConditionalOnBooleanProperty(name = "lepton.postgres.start", matchIfMissing = true)
    PostgresServer postgresServer(@Value("${lepton.home}") Path leptonHome, NanoClock clock) {
        return PostgresServer.start(leptonHome, clock);
    }

    @Bean
    @ConditionalOnBooleanProperty(name = "lepton.postgres.start", matchIfMissing = true)
    JdbcConnectionDetails ownServer(PostgresServer server) {
        return new EmbeddedConnectionDetails(server.access());
    }

    @Bean
    @ConditionalOnBooleanProperty(name = "lepton.postgres.start", havingValue = false)
    JdbcConnectionDetails serverOfAnotherProcess(
            @Value("${lepton.home}") Path leptonHome, PostgresSettings settings, NanoClock clock) {
        return new EmbeddedConnectionDetails(
                new PostgresAttachment(leptonHome, settings.attachTimeout(), clock).await());
    }
}
