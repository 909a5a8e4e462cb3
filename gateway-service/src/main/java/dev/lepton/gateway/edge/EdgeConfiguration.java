package dev.lepton.gateway.edge;

import dev.lepton.gateway.routing.RoutingTables;
import dev.lepton.gateway.settings.EdgeSettings;
import dev.lepton.gateway.settings.GatewaySettings;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.boot.reactor.netty.autoconfigure.NettyServerProperties;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.server.autoconfigure.ServerProperties;
import org.springframework.cloud.gateway.config.GatewayProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import reactor.netty.http.Http2SettingsSpec;

@Configuration(proxyBeanMethods = false)
class EdgeConfiguration {

    private static final int MOST_STREAMS_AT_A_TIME = 100;
    private static final int MOST_RESETS = 200;
    private static final int SECONDS_OF_RESETS = 30;

    @Bean
    EdgeMetrics edgeMetrics(MeterRegistry meters) {
        return new EdgeMetrics(meters);
    }

    @Bean
    RouteAllowances routeAllowances(GatewaySettings settings, GatewayProperties routes) {
        return new RouteAllowances(settings, routes.getRoutes());
    }

    /** What some route takes passes here, for which route it is for is not known yet. */
    @Bean
    RequestRules requestRules(EdgeSettings settings, RouteAllowances allowances) {
        return new RequestRules(settings.allowing(allowances.anywhere()));
    }

    @Bean
    RouteRules routeRules(
            RouteAllowances allowances,
            EdgeSettings settings,
            EdgeMetrics metrics,
            ObjectProvider<RoutingTables> tables) {
        return new RouteRules(allowances, settings, metrics, tables);
    }

    /** Not a customizer of the server itself, which would reach the management port as well. */
    @Bean
    WebServerFactoryCustomizer<NettyReactiveWebServerFactory> edge(
            RequestRules rules,
            EdgeSettings settings,
            GatewaySettings gateway,
            EdgeMetrics metrics,
            MeterRegistry meters,
            ServerProperties server,
            NettyServerProperties netty) {
        ConnectionLimit limit = new ConnectionLimit(settings, gateway.trustedNetworks(), metrics);
        EdgeGuards guards = new EdgeGuards(rules, settings, metrics);
        Gauge.builder("lepton.gateway.edge.connections", limit, ConnectionLimit::open)
                .description("Connections from clients")
                .register(meters);
        return factory -> {
            factory.addServerCustomizers(http ->
                    http.doOnChannelInit((_, channel, _) -> {
                        if (limit.admits(channel)) {
                            guards.guard(channel);
                        } else {
                            channel.close();
                        }
                    }));
            if (server.getHttp2().isEnabled()) {
                factory.addServerCustomizers(
                        http -> http.http2Settings(http2 -> limit(http2, server, netty)));
            }
        };
    }

    private static void limit(
            Http2SettingsSpec.Builder http2, ServerProperties server, NettyServerProperties netty) {
        http2.maxConcurrentStreams(MOST_STREAMS_AT_A_TIME)
                .maxHeaderListSize(server.getMaxHttpRequestHeaderSize().toBytes())
                .maxDecodedRstFramesPerWindow(MOST_RESETS, SECONDS_OF_RESETS)
                .maxEncodedRstFramesPerWindow(MOST_RESETS, SECONDS_OF_RESETS);
        Integer requests = netty.getMaxKeepAliveRequests();
        if (requests != null && requests > 0) {
            http2.maxStreams(requests);
        }
    }

    @Bean
    RawQuery rawQuery() {
        return new RawQuery();
    }
}
