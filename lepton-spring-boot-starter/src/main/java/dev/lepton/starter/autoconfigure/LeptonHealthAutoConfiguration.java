package dev.lepton.starter.autoconfigure;

import dev.lepton.starter.actuate.HealthGroups;
import dev.lepton.starter.unit.ThisUnit;
import java.time.Duration;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.health.actuate.endpoint.HealthEndpoint;
import org.springframework.context.annotation.Bean;

/** Has each beat carry the status of the health groups. */
@AutoConfiguration(after = LeptonAutoConfiguration.class)
@ConditionalOnClass(HealthEndpoint.class)
@ConditionalOnBean(ThisUnit.class)
public final class LeptonHealthAutoConfiguration {

    private static final Duration INTERVAL = Duration.ofSeconds(5);

    @Bean(destroyMethod = "close")
    HealthGroups leptonHealthGroups(ObjectProvider<HealthEndpoint> endpoint) {
        return new HealthGroups(endpoint::getIfAvailable, INTERVAL);
    }
}
