package dev.lepton.registry.replica;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Names this process. */
@Configuration(proxyBeanMethods = false)
class ReplicaConfiguration {

    @Bean
    ReplicaId replicaId() {
        return ReplicaId.random();
    }
}
