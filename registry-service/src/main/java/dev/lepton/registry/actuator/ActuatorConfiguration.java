package dev.lepton.registry.actuator;

import dev.lepton.registry.fleet.FleetView;
import dev.lepton.registry.heartbeat.MarkFlusher;
import dev.lepton.registry.leader.Leadership;
import dev.lepton.registry.replica.ReplicaId;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Adds the registry's endpoint to those of Spring Boot. */
@Configuration(proxyBeanMethods = false)
class ActuatorConfiguration {

    @Bean
    LeptonEndpoint leptonEndpoint(
            FleetView fleet, Leadership leadership, MarkFlusher flusher, ReplicaId replica) {
        return new LeptonEndpoint(fleet, leadership, flusher, replica);
    }
}
