package dev.lepton.registry.incident;

import dev.lepton.registry.fleet.FleetView;
import dev.lepton.registry.leader.Duties;
import dev.lepton.registry.settings.IncidentSettings;
import dev.lepton.registry.time.NanoClock;
import dev.lepton.registry.time.PeriodicLoop;
import java.time.Duration;
import java.time.InstantSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcOperations;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Wires the incidents. */
@Configuration(proxyBeanMethods = false)
class IncidentConfiguration {

    private static final Duration FOLLOW_EVERY = Duration.ofMillis(250);
    private static final Duration SWEEP_EVERY = Duration.ofMinutes(1);

    @Bean
    Incidents incidents(JdbcClient jdbc) {
        return new Incidents(jdbc);
    }

    @Bean
    IncidentReports incidentReports(JdbcClient jdbc, InstantSource time) {
        return new IncidentReports(jdbc, time);
    }

    @Bean
    PeriodicLoop incidentFollow(
            Duties duties,
            JdbcOperations jdbc,
            JdbcClient client,
            FleetView fleet,
            NanoClock clock) {
        IncidentFollower follower =
                new IncidentFollower(duties, jdbc, new FollowedIncidents(client), fleet::position);
        return new PeriodicLoop("incident-follow", FOLLOW_EVERY, follower::follow, clock);
    }

    @Bean
    PeriodicLoop incidentSweep(
            Duties duties,
            JdbcClient jdbc,
            IncidentSettings settings,
            InstantSource time,
            NanoClock clock) {
        IncidentSweeper sweeper = new IncidentSweeper(duties, jdbc, settings, time);
        return new PeriodicLoop("incident-sweep", SWEEP_EVERY, sweeper::sweep, clock);
    }
}
