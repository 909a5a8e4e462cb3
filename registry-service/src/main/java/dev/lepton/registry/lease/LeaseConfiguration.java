package dev.lepton.registry.lease;

import dev.lepton.registry.evidence.Observations;
import dev.lepton.registry.evidence.ProbeRequests;
import dev.lepton.registry.exclusive.Exclusivity;
import dev.lepton.registry.fleet.ChangeTail;
import dev.lepton.registry.fleet.FleetView;
import dev.lepton.registry.heartbeat.MarkFlusher;
import dev.lepton.registry.leader.Leadership;
import dev.lepton.registry.move.UnitMoves;
import dev.lepton.registry.node.LiveNodes;
import dev.lepton.registry.node.UnitSilence;
import dev.lepton.registry.settings.FlapSettings;
import dev.lepton.registry.settings.LeaseSettings;
import dev.lepton.registry.settings.LifecycleSettings;
import dev.lepton.registry.settings.SilenceSettings;
import dev.lepton.registry.stretch.Stretch;
import dev.lepton.registry.time.NanoClock;
import dev.lepton.registry.time.PeriodicLoop;
import dev.lepton.registry.unit.Units;
import java.time.InstantSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcOperations;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Wires the detection of silence. */
@Configuration(proxyBeanMethods = false)
class LeaseConfiguration {

    @Bean
    HeldProbes heldProbes(FleetView fleet, Leadership leadership, NanoClock clock) {
        return new HeldProbes(
                fleet,
                () -> leadership.guard() != null,
                new HttpReach(HeldProbes.PATIENCE),
                probe -> Thread.ofVirtual().name("held-probe").start(probe),
                clock);
    }

    @Bean
    PeriodicLoop heldProbe(HeldProbes probes, NanoClock clock) {
        return new PeriodicLoop("held-probe", HeldProbes.INTERVAL, probes::look, clock);
    }

    @Bean
    ExclusiveHolds exclusiveHolds(Exclusivity exclusivity, LeaseSweeper sweeper, Units units) {
        return new ExclusiveHolds(
                exclusivity::of, exclusivity::replaceAfter, sweeper, units::hasExited);
    }

    @Bean
    UnitSilence unitSilence(LeaseSweeper sweeper, ExclusiveHolds exclusiveHolds) {
        return unit ->
                sweeper.remaining(unit.id(), unit.startId()).isZero()
                        && exclusiveHolds.remaining(unit).isZero();
    }

    @Bean
    Hearsay hearsay(
            Observations observations,
            HeldProbes probes,
            ProbeRequests requests,
            FleetView fleet,
            LiveNodes nodes) {
        return new Hearsay(observations, probes, requests, fleet, nodes::supervised);
    }

    @Bean
    Silenced silenced(
            SilenceSettings silence, JdbcClient jdbc, ChangeTail tail, InstantSource time) {
        Silenced silenced =
                new Silenced(
                        silence.window(),
                        new PastTakings(jdbc)::since,
                        time,
                        load -> Thread.ofVirtual().name("silence-load").start(load));
        tail.subscribe(silenced);
        return silenced;
    }

    @Bean
    LeaseSweeper leaseSweeper(
            JdbcOperations jdbc,
            Hearsay hearsay,
            Silenced silenced,
            FleetView fleet,
            MarkFlusher flusher,
            Leadership leadership,
            UnitMoves moves,
            LeaseSettings lease,
            SilenceSettings silence,
            LifecycleSettings lifecycle,
            FlapSettings flap,
            Stretch stretch,
            NanoClock clock) {
        return new LeaseSweeper(
                new MarkReader(jdbc),
                hearsay,
                silenced,
                fleet,
                flusher,
                leadership,
                moves,
                LeaseTerms.of(lease, silence, lifecycle, flap),
                stretch::leaseFactor,
                clock);
    }

    @Bean
    PeriodicLoop leaseSweep(LeaseSweeper sweeper, LeaseSettings settings, NanoClock clock) {
        return new PeriodicLoop("lease-sweep", settings.sweepInterval(), sweeper::sweep, clock);
    }
}
