package dev.lepton.registry.move;

import dev.lepton.registry.changelog.ChangeWriter;
import dev.lepton.registry.fleet.FleetView;
import dev.lepton.registry.time.NanoClock;
import dev.lepton.registry.unit.Units;
import java.time.InstantSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires the moves of units. */
@Configuration(proxyBeanMethods = false)
class MoveConfiguration {

    @Bean
    CurrentUnits currentUnits(FleetView fleet, NanoClock clock) {
        return new CurrentUnits(fleet::unit, clock);
    }

    @Bean
    UnitMoves unitMoves(
            Units units, CurrentUnits current, ChangeWriter writer, InstantSource time) {
        return new UnitMoves(units, current, writer, time);
    }
}
