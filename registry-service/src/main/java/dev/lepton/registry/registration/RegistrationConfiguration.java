package dev.lepton.registry.registration;

import dev.lepton.registry.exclusive.Exclusivity;
import dev.lepton.registry.lease.ExclusiveHolds;
import dev.lepton.registry.lease.Leases;
import dev.lepton.registry.move.CurrentUnits;
import dev.lepton.registry.move.UnitMoves;
import dev.lepton.registry.settings.LeaseSettings;
import dev.lepton.registry.unit.Units;
import java.time.InstantSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires registration. */
@Configuration(proxyBeanMethods = false)
class RegistrationConfiguration {

    @Bean
    Registrations registrations(
            Units units,
            Leases leases,
            UnitMoves moves,
            CurrentUnits current,
            LeaseSettings settings,
            Exclusivity exclusivity,
            ExclusiveHolds holds,
            InstantSource time) {
        return new Registrations(units, leases, moves, current, settings, exclusivity, holds, time);
    }
}
