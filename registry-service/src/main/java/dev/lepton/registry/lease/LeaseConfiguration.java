package dev.lepton.registry.lease;

import dev.lepton.registry.fleet.FleetView;
import dev.lepton.registry.heartbeat.MarkFlusher;
import dev.lepton.registry.leader.Leadership;
import dev.lepton.registry.move.UnitMoves;
import dev.lepton.registry.settings.LeaseSettings;
import dev.lepton.registry.settings.LifecycleSettings;
import dev.lepton.registry.settings.SilenceSettings;
import dev.lepton.registry.time.NanoClock;
import dev.lepton.registry.time.PeriodicLoop;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcOperations;

/** Wires the detection of silence. */
@Configuration(proxyBeanMethods = false)
class LeaseConfiguration {

    @Bean
    LeaseSweeper leaseSweeper(
            JdbcOperations jdbc,
            FleetView fleet,
            MarkFlusher flusher,
            Leadership leadership,
            UnitMoves moves,
            LeaseSettings lease,
            SilenceSettings silence,
            LifecycleSettings lifecycle,
            NanoClock clock) {
        return new LeaseSweeper(
                new MarkReader(jdbc),
                fleet,
                flusher,
                leadership,
                moves,
                LeaseTerms.of(lease, silence, lifecycle),
                clock);
    }

    @Bean
    PeriodicLoop leaseSweep(LeaseSweeper sweeper, LeaseSettings settings, NanoClock clock) {
        return new PeriodicLoop("lease-sweep", settings.sweepInterval(), sweeper::sweep, clock);
    }
}
