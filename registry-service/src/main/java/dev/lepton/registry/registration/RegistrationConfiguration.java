package dev.lepton.registry.registration;

import dev.lepton.registry.exclusive.Exclusivity;
import dev.lepton.registry.lease.ExclusiveHolds;
import dev.lepton.registry.lease.Leases;
import dev.lepton.registry.move.CurrentUnits;
import dev.lepton.registry.move.UnitMoves;
import dev.lepton.registry.settings.LeaseSettings;
import dev.lepton.registry.stretch.Stretch;
import dev.lepton.registry.time.NanoClock;
import dev.lepton.registry.unit.Units;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Random;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires registration. */
@Configuration(proxyBeanMethods = false)
class RegistrationConfiguration {

    /** As many as one write of the change log takes in gladly. */
    private static final int AT_ONCE = 32;

    private static final int WAITING_AT_MOST = 256;
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final double PER_SECOND_AT_FIRST = 200;

    @Bean
    RegistrationGate registrationGate(NanoClock clock) {
        return new RegistrationGate(
                AT_ONCE,
                WAITING_AT_MOST,
                PATIENCE,
                new Appointments(PER_SECOND_AT_FIRST, clock, new Random()));
    }

    @Bean
    Registrations registrations(
            Units units,
            Leases leases,
            UnitMoves moves,
            CurrentUnits current,
            LeaseSettings settings,
            Stretch stretch,
            Exclusivity exclusivity,
            ExclusiveHolds holds,
            InstantSource time) {
        return new Registrations(
                units, leases, moves, current, settings, stretch, exclusivity, holds, time);
    }
}
