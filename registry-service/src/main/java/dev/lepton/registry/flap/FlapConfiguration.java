package dev.lepton.registry.flap;

import dev.lepton.registry.fleet.ChangeTail;
import dev.lepton.registry.fleet.FleetView;
import dev.lepton.registry.settings.FlapSettings;
import java.time.InstantSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Wires the damping of units that flap. */
@Configuration(proxyBeanMethods = false)
class FlapConfiguration {

    @Bean
    Flapping flapping(
            FlapSettings settings,
            JdbcClient jdbc,
            ChangeTail tail,
            FleetView fleet,
            InstantSource time) {
        Flapping flapping =
                new Flapping(
                        new FlapDamping(settings),
                        new Downs(jdbc)::since,
                        fleet,
                        time,
                        load -> Thread.ofVirtual().name("flap-load").start(load));
        tail.subscribe(flapping);
        return flapping;
    }
}
