package dev.lepton.gateway.lookup;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.cloud.gateway.filter.WeightCalculatorWebFilter;
import org.springframework.core.Ordered;
import org.springframework.web.reactive.HandlerMapping;
import org.springframework.web.reactive.function.server.support.RouterFunctionMapping;
import org.springframework.web.reactive.result.method.AbstractHandlerMethodMapping;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import org.springframework.web.server.WebHandler;
import reactor.core.publisher.Mono;

/**
 * Hands a request to its route without asking first what else a Spring application has for it, when
 * it has nothing: a gateway seldom has controllers or filters of web requests, and each place that
 * they could be in would cost every request as much as the lookup of its route.
 */
final class StraightToRoutes implements WebFilter, Ordered, SmartInitializingSingleton {

    private static final Object NONE = new Object();

    private final IndexedRouteMapping routes;
    private final ObjectProvider<HandlerMapping> mappings;
    private final ObjectProvider<WebFilter> filters;
    private volatile boolean straight;

    /** Draws what the predicates of weights decide by; null where these are switched off. */
    private volatile @Nullable WeightCalculatorWebFilter weights;

    StraightToRoutes(
            IndexedRouteMapping routes,
            ObjectProvider<HandlerMapping> mappings,
            ObjectProvider<WebFilter> filters) {
        this.routes = routes;
        this.mappings = mappings;
        this.filters = filters;
    }

    @Override
    public int getOrder() {
        return Ordered.HIGHEST_PRECEDENCE;
    }

    @Override
    public void afterSingletonsInstantiated() {
        List<HandlerMapping> asked = mappings.orderedStream().toList();
        List<WebFilter> others = filters.orderedStream().filter(other -> other != this).toList();
        boolean onlyWeights = others.stream().allMatch(WeightCalculatorWebFilter.class::isInstance);
        if (onlyWeights && others.size() == 1) {
            weights = (WeightCalculatorWebFilter) others.getFirst();
        }
        straight =
                onlyWeights
                        && others.size() <= 1
                        && asked.subList(0, asked.indexOf(routes)).stream()
                                .allMatch(this::hasNothing);
    }

    private boolean hasNothing(HandlerMapping mapping) {
        return switch (mapping) {
            case AbstractHandlerMethodMapping<?> methods -> methods.getHandlerMethods().isEmpty();
            case RouterFunctionMapping functions -> functions.getRouterFunction() == null;
            default -> false;
        };
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        // The actuator's server has an application context of its own, and the filters of this one.
        if (!straight || exchange.getApplicationContext() != routes.getApplicationContext()) {
            return chain.filter(exchange);
        }
        WeightCalculatorWebFilter drawn = weights;
        WebFilterChain route = drawing -> route(drawing, chain);
        return drawn == null ? route.filter(exchange) : drawn.filter(exchange, route);
    }

    private Mono<Void> route(ServerWebExchange exchange, WebFilterChain chain) {
        return routes.getHandler(exchange)
                .defaultIfEmpty(NONE)
                .flatMap(handler ->
                        handler instanceof WebHandler found
                                ? found.handle(exchange)
                                : chain.filter(exchange));
    }
}
