package dev.lepton.registry.postgres;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The embedded PostgreSQL, which is used when no {@code spring.datasource.url} is set.
 *
 * @param start Whether this process runs the server; otherwise another one runs it in the same
 *     home.
 * @param attachTimeout How long to wait for a server that another process runs.
 */
@ConfigurationProperties("lepton.postgres")
record PostgresSettings(
        @DefaultValue("true") boolean start, @DefaultValue("60s") Duration attachTimeout) {

    PostgresSettings {
        if (!attachTimeout.isPositive()) {
            throw new IllegalArgumentException(
                    "'lepton.postgres.attach-timeout' %s must be positive"
                            .formatted(attachTimeout));
        }
    }
}
