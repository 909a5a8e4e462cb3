package dev.lepton.registry.exclusive;

import dev.lepton.registry.policy.Policies;
import dev.lepton.registry.settings.LeaseSettings;
import dev.lepton.registry.stretch.Stretch;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires which units are exclusive. */
@Configuration(proxyBeanMethods = false)
class ExclusiveConfiguration {

    @Bean
    Exclusivity exclusivity(Policies policies, LeaseSettings settings, Stretch stretch) {
        return new Exclusivity(policies, settings, stretch);
    }
}
