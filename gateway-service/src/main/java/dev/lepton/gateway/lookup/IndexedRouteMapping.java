package dev.lepton.gateway.lookup;

import static org.springframework.cloud.gateway.support.ServerWebExchangeUtils.GATEWAY_PREDICATE_ROUTE_ATTR;

import dev.lepton.gateway.edge.RouteRules;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.cloud.gateway.config.GlobalCorsProperties;
import org.springframework.cloud.gateway.event.RefreshRoutesEvent;
import org.springframework.cloud.gateway.event.RefreshRoutesResultEvent;
import org.springframework.cloud.gateway.handler.RoutePredicateHandlerMapping;
import org.springframework.cloud.gateway.route.Route;
import org.springframework.cloud.gateway.route.RouteLocator;
import org.springframework.context.ApplicationListener;
import org.springframework.core.env.Environment;
import org.springframework.http.HttpHeaders;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.util.StringUtils;
import org.springframework.web.accept.ApiVersionHolder;
import org.springframework.web.reactive.accept.ApiVersionStrategy;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.Fuseable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Tries for each request the routes alone that the index names, with the result of trying them all.
 * The index is made when the application starts and whenever the routes are read again.
 */
final class IndexedRouteMapping extends RoutePredicateHandlerMapping
        implements ApplicationListener<RefreshRoutesResultEvent>, SmartInitializingSingleton {

    private static final String BASE_PATH = "spring.webflux.base-path";

    /** How many candidates are fetched at a time; of most requests there are one or two. */
    private static final int FETCHED = 4;

    private final RouteLocator locator;
    private final KeptFilters filters;
    private final @Nullable RouteRules rules;
    private final boolean hasBasePath;
    private volatile @Nullable RouteIndex index;
    private @Nullable ApiVersionStrategy versions;

    /**
     * @param rules null where all routes take the same
     */
    IndexedRouteMapping(
            KeptFilters filters,
            RouteLocator locator,
            GlobalCorsProperties cors,
            Environment environment,
            @Nullable RouteRules rules) {
        super(filters, locator, cors, environment);
        this.rules = rules;
        this.locator = locator;
        this.filters = filters;
        this.hasBasePath = StringUtils.hasText(environment.getProperty(BASE_PATH));
    }

    /**
     * A route that cannot be made stops the start, the first request waits for none, and weights
     * and the CORS rules of routes are known before it.
     */
    @Override
    public void afterSingletonsInstantiated() {
        obtainApplicationContext().publishEvent(new RefreshRoutesEvent(this));
    }

    @Override
    public synchronized void onApplicationEvent(RefreshRoutesResultEvent event) {
        if (event.isSuccess()) {
            locator.getRoutes().collectList().subscribe(this::take, this::leaveUnindexed);
        }
    }

    private void take(List<Route> routes) {
        filters.keep(routes);
        // Each pattern then goes on from the base path, and begins as all others do.
        index = hasBasePath ? null : new RouteIndex(routes);
    }

    private void leaveUnindexed(Throwable failure) {
        index = null;
        logger.error("The routes have no index and are tried one after the other", failure);
    }

    /**
     * Kept here alone: with one, Spring's mapping finds nothing for a request that tells no
     * version, also when none is required.
     */
    @Override
    public void setApiVersionStrategy(@Nullable ApiVersionStrategy strategy) {
        versions = strategy;
    }

    @Override
    protected Mono<?> getHandlerInternal(ServerWebExchange exchange) {
        ApiVersionStrategy strategy = versions;
        if (strategy == null) {
            return super.getHandlerInternal(exchange);
        }
        return strategy.resolveParseAndValidateApiVersion(exchange)
                .map(ApiVersionHolder::fromVersion)
                .onErrorResume(
                        RuntimeException.class,
                        error -> Mono.just(ApiVersionHolder.fromError(error)))
                .defaultIfEmpty(ApiVersionHolder.EMPTY)
                .flatMap(version -> handlerFor(version, exchange));
    }

    /** A version that is none is an error only where a route would take the request. */
    private Mono<?> handlerFor(ApiVersionHolder version, ServerWebExchange exchange) {
        exchange.getAttributes().put(API_VERSION_ATTRIBUTE, version);
        Mono<?> handler = super.getHandlerInternal(exchange);
        return version.hasError() ? handler.flatMap(_ -> Mono.error(version.getError())) : handler;
    }

    @Override
    protected Mono<Route> lookupRoute(ServerWebExchange exchange) {
        Mono<Route> found = find(exchange);
        RouteRules own = rules;
        return own == null ? found : found.flatMap(route -> own.check(route, exchange, this::find));
    }

    private Mono<Route> find(ServerWebExchange exchange) {
        RouteIndex current = index;
        if (current == null) {
            return super.lookupRoute(exchange);
        }
        ServerHttpRequest request = exchange.getRequest();
        Iterator<Route> candidates =
                current.candidates(
                                request.getURI().getRawPath(),
                                request.getHeaders().getFirst(HttpHeaders.HOST))
                        .iterator();
        while (candidates.hasNext()) {
            Route route = candidates.next();
            Publisher<Boolean> matches = matches(route, exchange);
            Boolean known = known(matches);
            if (known == null) {
                return firstOf(route, matches, candidates, exchange);
            }
            if (known) {
                validateRoute(route, exchange);
                return Mono.just(route);
            }
        }
        return Mono.empty();
    }

    /** Null when it has to be waited for. */
    private static @Nullable Boolean known(Publisher<Boolean> matches) {
        if (!(matches instanceof Fuseable.ScalarCallable<?> scalar)) {
            return null;
        }
        try {
            return Boolean.TRUE.equals(scalar.call());
        } catch (Exception e) {
            return null;
        }
    }

    /** Of one that was asked already, and those after it. */
    private Mono<Route> firstOf(
            Route asked,
            Publisher<Boolean> answer,
            Iterator<Route> after,
            ServerWebExchange exchange) {
        List<Route> left = new ArrayList<>(List.of(asked));
        after.forEachRemaining(left::add);
        return Flux.fromIterable(left)
                .filterWhen(route -> route == asked ? answer : matches(route, exchange), FETCHED)
                .next()
                .doOnNext(route -> validateRoute(route, exchange));
    }

    private Publisher<Boolean> matches(Route route, ServerWebExchange exchange) {
        // Predicates of weight and path ask for it.
        exchange.getAttributes().put(GATEWAY_PREDICATE_ROUTE_ATTR, route.getId());
        try {
            return route.getPredicate().apply(exchange);
        } catch (RuntimeException e) {
            logger.error("The predicate of the route %s failed".formatted(route.getId()), e);
            return Mono.just(false);
        }
    }
}
