package dev.lepton.gateway.fleet;

import dev.lepton.client.rest.BearerToken;
import dev.lepton.client.watch.UnitWatch;
import dev.lepton.gateway.routing.RoutingTables;
import dev.lepton.gateway.settings.LeptonSettings;
import dev.lepton.gateway.settings.RegistrySettings;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class FleetConfiguration {

    @Bean
    FleetFollower fleetFollower(UnitWatch watch) {
        return new FleetFollower(watch);
    }

    @Bean(destroyMethod = "close")
    UnitWatch unitWatch(LeptonSettings lepton, RegistrySettings registry, RoutingTables tables) {
        return new UnitWatch(
                registry.url(),
                () -> token(lepton),
                lepton.diskList(),
                (fleet, changes) -> tables.show(fleet));
    }

    /** The name is the one by which the readiness group includes it. */
    @Bean
    FleetHealth fleetHealthIndicator(RoutingTables tables) {
        return new FleetHealth(tables);
    }

    private static @Nullable BearerToken token(LeptonSettings lepton) {
        Path file = lepton.tokenFileOrDefault();
        return Files.exists(file) ? BearerToken.read(file) : null;
    }
}
