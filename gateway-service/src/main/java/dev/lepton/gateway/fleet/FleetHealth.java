package dev.lepton.gateway.fleet;

import dev.lepton.gateway.routing.RoutingTables;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/**
 * Ready once there is a table, from the registry or from disk; a registry that is away later
 * changes nothing.
 */
final class FleetHealth implements HealthIndicator {

    private final RoutingTables tables;

    FleetHealth(RoutingTables tables) {
        this.tables = tables;
    }

    @Override
    public Health health() {
        return tables.current().known()
                ? Health.up().withDetail("services", tables.current().services().size()).build()
                : Health.outOfService().withDetail("reason", "no list of units yet").build();
    }
}
