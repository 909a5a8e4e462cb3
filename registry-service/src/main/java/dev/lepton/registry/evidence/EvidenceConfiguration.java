package dev.lepton.registry.evidence;

import dev.lepton.registry.move.CurrentUnits;
import dev.lepton.registry.move.UnitMoves;
import dev.lepton.registry.time.NanoClock;
import dev.lepton.registry.time.PeriodicLoop;
import dev.lepton.registry.unit.Units;
import java.time.Duration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Wires what others have seen of units. */
@Configuration(proxyBeanMethods = false)
class EvidenceConfiguration {

    private static final Duration PRUNE_INTERVAL = Duration.ofMinutes(10);

    @Bean
    Observations observations(JdbcClient jdbc) {
        return new Observations(jdbc);
    }

    @Bean
    PeriodicLoop observationPrune(Observations observations, NanoClock clock) {
        return new PeriodicLoop("observation-prune", PRUNE_INTERVAL, observations::prune, clock);
    }

    @Bean
    ProbeRequests probeRequests(NanoClock clock) {
        return new ProbeRequests(clock);
    }

    @Bean
    EvidenceIntake evidenceIntake(
            CurrentUnits current, Units units, UnitMoves moves, Observations observations) {
        return new EvidenceIntake(current, units, moves, observations);
    }
}
