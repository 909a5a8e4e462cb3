package dev.lepton.gateway.fleet;

import dev.lepton.client.watch.UnitWatch;
import dev.lepton.gateway.routing.RoutingTables;
import dev.lepton.gateway.settings.LeptonSettings;
import dev.lepton.gateway.settings.RegistrySettings;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class FleetConfiguration {

    @Bean
    FleetFollower fleetFollower(UnitWatch watch) {
        return new FleetFollower(watch);
    }

    @Bean
    RegistryToken registryToken(LeptonSettings lepton) {
        return new RegistryToken(lepton.tokenFileOrDefault());
    }

    @Bean(destroyMethod = "close")
    UnitWatch unitWatch(
            LeptonSettings lepton,
            RegistrySettings registry,
            RegistryToken token,
            RoutingTables tables) {
        return new UnitWatch(
                registry.url(),
                token::read,
                lepton.diskList(),
                (fleet, changes) -> tables.show(fleet));
    }

    /** The name is the one by which the readiness group includes it. */
    @Bean
    FleetHealth fleetHealthIndicator(RoutingTables tables) {
        return new FleetHealth(tables);
    }
}
