package dev.lepton.gateway.edge;

import dev.lepton.gateway.routing.RoutingTables;
import dev.lepton.gateway.settings.EdgeSettings;
import dev.lepton.gateway.settings.GatewaySettings;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.channel.Channel;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpServerCodec;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.cloud.gateway.config.GatewayProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import reactor.netty.NettyPipeline;

@Configuration(proxyBeanMethods = false)
class EdgeConfiguration {

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
            MeterRegistry meters) {
        ConnectionLimit limit = new ConnectionLimit(settings, gateway.trustedNetworks(), metrics);
        Gauge.builder("lepton.gateway.edge.connections", limit, ConnectionLimit::open)
                .description("Connections from clients")
                .register(meters);
        return factory ->
                factory.addServerCustomizers(server ->
                        server.doOnChannelInit((_, channel, _) -> {
                            if (limit.admits(channel)) {
                                guard(
                                        channel,
                                        new RequestGuard(rules, settings, metrics),
                                        settings);
                            } else {
                                channel.close();
                            }
                        }));
    }

    private static void guard(Channel channel, RequestGuard requests, EdgeSettings settings) {
        ChannelPipeline pipeline = channel.pipeline();
        // Where HTTP/2 is enabled as well, the first bytes decide which of these there will be.
        if (pipeline.get(NettyPipeline.HttpTrafficHandler) != null) {
            pipeline.addBefore(NettyPipeline.HttpTrafficHandler, "lepton.requestGuard", requests);
        }
        if (pipeline.get(NettyPipeline.HttpCodec) instanceof HttpServerCodec) {
            pipeline.addBefore(
                    NettyPipeline.HttpCodec,
                    "lepton.headGuard",
                    new HeadGuard(requests, settings.headerTimeout()));
        }
    }

    @Bean
    @ConditionalOnProperty("server.http2.enabled")
    Http2Filter http2Filter(RequestRules rules, EdgeMetrics metrics) {
        return new Http2Filter(rules, metrics);
    }

    @Bean
    RawQuery rawQuery() {
        return new RawQuery();
    }
}
