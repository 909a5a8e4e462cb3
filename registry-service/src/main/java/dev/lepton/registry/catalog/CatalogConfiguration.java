package dev.lepton.registry.catalog;

import dev.lepton.registry.fleet.FleetView;
import dev.lepton.registry.move.CurrentUnits;
import dev.lepton.registry.unit.Units;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires the queries. */
@Configuration(proxyBeanMethods = false)
class CatalogConfiguration {

    @Bean
    Catalog catalog(FleetView fleet, CurrentUnits current, Units units) {
        return new Catalog(fleet, current, units);
    }
}
