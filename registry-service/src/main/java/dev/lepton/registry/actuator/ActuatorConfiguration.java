package dev.lepton.registry.actuator;

import dev.lepton.registry.changelog.ChangeWriter;
import dev.lepton.registry.fleet.FleetView;
import dev.lepton.registry.heartbeat.MarkFlusher;
import dev.lepton.registry.leader.Leadership;
import dev.lepton.registry.lease.LeaseFigures;
import dev.lepton.registry.replica.ReplicaId;
import dev.lepton.registry.stretch.Stretch;
import dev.lepton.registry.time.PeriodicLoop;
import dev.lepton.registry.watch.WatchFigures;
import java.util.List;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Adds the registry's endpoint to those of Spring Boot. */
@Configuration(proxyBeanMethods = false)
class ActuatorConfiguration {

    @Bean
    LeptonEndpoint leptonEndpoint(
            FleetView fleet,
            Leadership leadership,
            MarkFlusher flusher,
            ReplicaId replica,
            Stretch stretch,
            LeaseFigures leases,
            WatchFigures watch,
            ChangeWriter writer) {
        return new LeptonEndpoint(
                fleet, leadership, flusher, replica, stretch, leases, watch, writer);
    }

    @Bean
    RegistryMeters registryMeters(
            FleetView fleet,
            Leadership leadership,
            MarkFlusher flusher,
            ChangeWriter writer,
            LeaseFigures leases,
            List<PeriodicLoop> loops) {
        return new RegistryMeters(fleet, leadership, flusher, writer, leases, loops);
    }
}
