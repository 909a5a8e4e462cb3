package dev.lepton.registry.stretch;

import dev.lepton.registry.fleet.FleetView;
import dev.lepton.registry.leader.Duties;
import dev.lepton.registry.lifecycle.Phase;
import dev.lepton.registry.settings.HeartbeatSettings;
import dev.lepton.registry.settings.LeaseSettings;
import dev.lepton.registry.time.NanoClock;
import dev.lepton.registry.time.PeriodicLoop;
import dev.lepton.registry.unit.UnitRow;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Duration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Wires the stretching of intervals and leases. */
@Configuration(proxyBeanMethods = false)
class StretchConfiguration {

    private static final Duration LOOK_EVERY = Duration.ofSeconds(1);

    @Bean
    Stretch stretch(
            Duties duties,
            JdbcClient jdbc,
            FleetView fleet,
            HeartbeatSettings heartbeat,
            LeaseSettings lease,
            NanoClock clock) {
        // And some looks more, which is how long another replica may take to follow.
        Duration settling =
                lease.duration().plus(lease.exclusiveMargin()).plus(LOOK_EVERY.multipliedBy(2));
        return new Stretch(
                duties,
                new StretchRows(jdbc),
                new StretchPolicy(lease.heartbeatInterval(), heartbeat.maxRate(), settling),
                () ->
                        (int)
                                fleet.units().stream()
                                        .map(UnitRow::phase)
                                        .filter(StretchConfiguration::beats)
                                        .count(),
                clock);
    }

    @Bean
    PeriodicLoop stretchLook(Stretch stretch, NanoClock clock) {
        return new PeriodicLoop("stretch-look", LOOK_EVERY, stretch::look, clock);
    }

    @Bean
    MeterBinder stretchMeters(Stretch stretch) {
        return registry -> {
            Gauge.builder("lepton.stretch.intervals", stretch, Stretch::intervalFactor)
                    .description("How many times as long as set the intervals of beats are")
                    .register(registry);
            Gauge.builder("lepton.stretch.leases", stretch, Stretch::leaseFactor)
                    .description("How many times as long as set the leases are")
                    .register(registry);
        };
    }

    private static boolean beats(Phase phase) {
        return switch (phase) {
            case STARTING, RESTARTING, RECOVERING, PROBATION, UP, SUSPECT, DRAINING -> true;
            case DOWN_SILENT, DOWN_HUNG, DOWN_EXITED, QUARANTINED, STOPPED -> false;
        };
    }
}
