package dev.lepton.gateway.lookup;

import java.util.List;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.springframework.boot.webflux.autoconfigure.WebFluxProperties;
import org.springframework.cloud.gateway.handler.AsyncPredicate;
import org.springframework.cloud.gateway.handler.predicate.HostRoutePredicateFactory;
import org.springframework.cloud.gateway.handler.predicate.MethodRoutePredicateFactory;
import org.springframework.cloud.gateway.handler.predicate.PathRoutePredicateFactory;
import org.springframework.cloud.gateway.route.Route;
import org.springframework.cloud.gateway.support.ServerWebExchangeUtils;
import org.springframework.http.HttpMethod;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/** Routes by the predicates that Spring Cloud Gateway makes of a configuration. */
final class SomeRoutes {

    private static final PathRoutePredicateFactory PATH =
            new PathRoutePredicateFactory(new WebFluxProperties());
    private static final HostRoutePredicateFactory HOST = new HostRoutePredicateFactory();
    private static final HostRoutePredicateFactory HOST_WITHOUT_PORT =
            new HostRoutePredicateFactory(false);
    private static final MethodRoutePredicateFactory METHOD = new MethodRoutePredicateFactory();

    private SomeRoutes() {}

    static Predicate<ServerWebExchange> path(String... patterns) {
        return PATH.apply(config -> config.setPatterns(List.of(patterns)));
    }

    static Predicate<ServerWebExchange> host(String... patterns) {
        return HOST.apply(config -> config.setPatterns(List.of(patterns)));
    }

    static Predicate<ServerWebExchange> hostWithoutPort(String... patterns) {
        return HOST_WITHOUT_PORT.apply(config -> config.setPatterns(List.of(patterns)));
    }

    static Predicate<ServerWebExchange> method(HttpMethod... methods) {
        return METHOD.apply(config -> config.setMethods(methods));
    }

    static AsyncPredicate<ServerWebExchange> async(Predicate<ServerWebExchange> predicate) {
        return ServerWebExchangeUtils.toAsyncPredicate(predicate);
    }

    static Route route(String id, AsyncPredicate<ServerWebExchange> predicate) {
        return Route.async().id(id).uri("unit://any").asyncPredicate(predicate).build();
    }

    static Route route(String id, Predicate<ServerWebExchange> predicate) {
        return route(id, async(predicate));
    }

    static Route catchAll(String id) {
        AsyncPredicate<ServerWebExchange> any = exchange -> Mono.just(true);
        return route(id, any);
    }

    /** {@code /service-0/**} and so on, each with an id of the same name. */
    static List<Route> ofServices(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> route("service-" + i, path("/service-" + i + "/**")))
                .toList();
    }
}
