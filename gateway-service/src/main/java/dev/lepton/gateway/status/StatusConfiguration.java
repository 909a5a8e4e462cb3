package dev.lepton.gateway.status;

import dev.lepton.client.watch.UnitWatch;
import dev.lepton.gateway.holding.WaitingRoom;
import dev.lepton.gateway.routing.RoutingTables;
import dev.lepton.gateway.service.Experiences;
import dev.lepton.gateway.settings.GatewaySettings;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.function.LongSupplier;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class StatusConfiguration {

    @Bean
    LeptonEndpoint leptonEndpoint(
            RoutingTables tables,
            WaitingRoom room,
            Experiences experiences,
            GatewaySettings settings,
            UnitWatch watch,
            LongSupplier nanoTime) {
        return new LeptonEndpoint(tables, room, experiences, settings, watch, nanoTime);
    }

    /** Without Prometheus there is no registry of its own. */
    @Bean
    StatusCollector statusCollector(
            LeptonEndpoint endpoint, ObjectProvider<PrometheusRegistry> registry) {
        StatusCollector collector = new StatusCollector(endpoint);
        registry.ifAvailable(found -> found.register(collector));
        return collector;
    }
}
