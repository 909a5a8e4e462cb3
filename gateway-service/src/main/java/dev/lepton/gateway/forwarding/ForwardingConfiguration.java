package dev.lepton.gateway.forwarding;

import dev.lepton.gateway.balancing.Balancing;
import dev.lepton.gateway.balancing.SlowStart;
import dev.lepton.gateway.balancing.VersionShares;
import dev.lepton.gateway.balancing.ZonePreference;
import dev.lepton.gateway.breaker.Breakers;
import dev.lepton.gateway.holding.HoldMetrics;
import dev.lepton.gateway.holding.WaitingRoom;
import dev.lepton.gateway.routing.RoutingTables;
import dev.lepton.gateway.service.Experiences;
import dev.lepton.gateway.settings.GatewaySettings;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.support.BeanDefinitionRegistryPostProcessor;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.cloud.gateway.config.GatewayProperties;
import org.springframework.cloud.gateway.config.HttpClientProperties;
import org.springframework.cloud.gateway.filter.headers.HttpHeadersFilter;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;
import org.springframework.web.reactive.socket.client.ReactorNettyWebSocketClient;
import reactor.core.scheduler.Schedulers;

@Configuration(proxyBeanMethods = false)
class ForwardingConfiguration {

    private static final String OTHER_ANSWER_WRITER = "nettyWriteResponseFilter";

    @Bean
    UnitClient unitClient(GatewaySettings settings, HttpClientProperties http, SslBundles bundles) {
        return new UnitClient(settings, new UnitTls(http.getSsl(), bundles));
    }

    @Bean
    RandomGenerator balancingRandom() {
        return () -> ThreadLocalRandom.current().nextLong();
    }

    @Bean
    WaitingRoom waitingRoom(GatewaySettings settings, MeterRegistry meters) {
        return new WaitingRoom(settings.hold().requests(), new HoldMetrics(meters));
    }

    @Bean
    RoutingTables routingTables(
            GatewaySettings settings,
            UnitClient client,
            WaitingRoom room,
            LongSupplier nanoTime,
            RandomGenerator random,
            MeterRegistry meters) {
        RoutingTables tables =
                new RoutingTables(
                        new Breakers(settings.breaker(), nanoTime),
                        new SlowStart(
                                settings.slowStart().window(), settings.slowStart().minShare()),
                        service -> balancing(service, settings, random),
                        nanoTime,
                        gone -> client.forget(gone.address()),
                        room::tableChanged);
        Gauge.builder("lepton.gateway.services", tables, t -> t.current().services().size())
                .description("Services in the routing table")
                .register(meters);
        Gauge.builder("lepton.gateway.routable", tables, ForwardingConfiguration::routable)
                .description("Units that can take a request")
                .register(meters);
        Gauge.builder("lepton.gateway.in-flight", tables, ForwardingConfiguration::inFlight)
                .description("Requests at units that are not finished")
                .register(meters);
        return tables;
    }

    private static Balancing balancing(
            String service, GatewaySettings settings, RandomGenerator random) {
        ZonePreference zone = new ZonePreference(settings.zone(), settings.zoneShare());
        return new Balancing(
                settings.balancerOf(service).create(zone, random),
                VersionShares.of(settings.versionsOf(service)));
    }

    private static double routable(RoutingTables tables) {
        return tables.current().services().values().stream()
                .mapToInt(s -> s.routable().size())
                .sum();
    }

    private static double inFlight(RoutingTables tables) {
        return tables.current().tracked().values().stream().mapToInt(u -> u.inFlight()).sum();
    }

    @Bean
    Experiences experiences(GatewaySettings settings, LongSupplier nanoTime) {
        return new Experiences(settings, nanoTime);
    }

    @Bean
    Dispatcher dispatcher(
            RoutingTables tables,
            WaitingRoom room,
            UnitClient client,
            GatewaySettings settings,
            Experiences experiences,
            MeterRegistry meters,
            LongSupplier nanoTime,
            RandomGenerator random) {
        return new Dispatcher(
                tables,
                room,
                client,
                settings,
                experiences,
                new ForwardingMetrics(meters),
                Schedulers.parallel(),
                nanoTime,
                random);
    }

    /** The one that Spring Cloud Gateway's filter for web sockets gets. */
    @Bean
    @Primary
    UpgradeClient upgradeClient(ReactorNettyWebSocketClient client, LongSupplier nanoTime) {
        return new UpgradeClient(client, nanoTime);
    }

    @Bean
    UnitRoutingFilter unitRoutingFilter(
            Dispatcher dispatcher,
            GatewayProperties gateway,
            RoutingTables tables,
            UpgradeClient upgrades,
            GatewaySettings settings,
            RandomGenerator random,
            LongSupplier nanoTime) {
        gateway.getRoutes().forEach(Terms::check);
        HeaderRules headers =
                new HeaderRules(settings.trustedNetworks(), gateway.getTrustedProxies());
        return new UnitRoutingFilter(
                dispatcher,
                new Affinities(settings, random),
                headers,
                new WebSocketUpgrade(tables, upgrades, headers, nanoTime));
    }

    /** Instead of Spring Cloud Gateway's own, which is switched off. */
    @Bean
    AddressingFilter addressingFilter() {
        return new AddressingFilter();
    }

    /** {@link AnswerWriter} takes its place, and no setting switches it off by itself. */
    @Bean
    static BeanDefinitionRegistryPostProcessor withoutOtherAnswerWriter() {
        return registry -> {
            if (registry.containsBeanDefinition(OTHER_ANSWER_WRITER)) {
                registry.removeBeanDefinition(OTHER_ANSWER_WRITER);
            }
        };
    }

    @Bean
    AnswerWriter answerWriter(
            GatewayProperties gateway, ObjectProvider<List<HttpHeadersFilter>> headersFilters) {
        return new AnswerWriter(gateway.getStreamingMediaTypes(), headersFilters);
    }

    @Bean
    RequestEnd requestEnd() {
        return new RequestEnd();
    }

    @Bean
    CachedBodyEnd cachedBodyEnd() {
        return new CachedBodyEnd();
    }

    @Bean
    CatchAllRoute catchAllRoute() {
        return new CatchAllRoute();
    }
}
