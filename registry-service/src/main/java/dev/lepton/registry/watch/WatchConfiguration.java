package dev.lepton.registry.watch;

import dev.lepton.registry.fleet.ChangeTail;
import dev.lepton.registry.fleet.FleetView;
import dev.lepton.registry.time.NanoClock;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.MeterBinder;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;

/** Wires the watch. */
@Configuration(proxyBeanMethods = false)
class WatchConfiguration {

    @Bean
    WatchHub watchHub(ChangeTail tail) {
        WatchHub hub = new WatchHub(WatchLimits.ORDINARY);
        tail.subscribe(hub);
        return hub;
    }

    @Bean
    WatchStreams watchStreams(
            WatchHub hub, FleetView fleet, JdbcTemplate database, NanoClock clock) {
        return new WatchStreams(hub, fleet, database, clock);
    }

    @Bean
    MeterBinder watchMeters(WatchHub hub) {
        return registry -> {
            Gauge.builder("lepton.watch.watchers", hub, WatchHub::watchers)
                    .description("Clients that follow the change log")
                    .register(registry);
            FunctionCounter.builder("lepton.watch.slow", hub, WatchHub::closedAsSlow)
                    .description("Watchers that were closed because they did not keep up")
                    .register(registry);
        };
    }
}
