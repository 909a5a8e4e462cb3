package dev.lepton.gateway.edge;

import static org.springframework.cloud.gateway.support.ServerWebExchangeUtils.GATEWAY_PREDICATE_PATH_CONTAINER_ATTR;

import dev.lepton.gateway.problem.GatewayProblem;
import dev.lepton.gateway.routing.RouteTarget;
import dev.lepton.gateway.routing.RoutingTables;
import dev.lepton.gateway.settings.EdgeSettings;
import dev.lepton.gateway.settings.EdgeSettings.Allowance;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.cloud.gateway.route.Route;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.ServerWebExchangeDecorator;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * What the edge let through because some route or service takes it is refused on all others, once
 * the route is known and before anything is forwarded. A path that a unit may read otherwise than
 * the gateway must not by that reading belong to another route, whose filters it would go past: in
 * doubt it is refused.
 */
public final class RouteRules {

    private final RouteAllowances allowances;
    private final EdgeSettings settings;
    private final EdgeMetrics metrics;
    private final ObjectProvider<RoutingTables> tables;
    private final Map<Set<Allowance>, RequestRules> byAllowed = new ConcurrentHashMap<>();

    RouteRules(
            RouteAllowances allowances,
            EdgeSettings settings,
            EdgeMetrics metrics,
            ObjectProvider<RoutingTables> tables) {
        this.allowances = allowances;
        this.settings = settings;
        this.metrics = metrics;
        this.tables = tables;
    }

    /** Whether all routes are alike, and none need be checked. */
    public boolean isEmpty() {
        return settings.allow().containsAll(allowances.anywhere());
    }

    /**
     * @param find the route of a request
     * @return the route itself, or the problem that it refuses the request with
     */
    public Mono<Route> check(
            Route route,
            ServerWebExchange exchange,
            Function<ServerWebExchange, Mono<Route>> find) {
        ServerHttpRequest request = exchange.getRequest();
        String path = request.getURI().getRawPath();
        Refusal byDefault = rules(Set.of()).checkAllowances(path, request.getHeaders());
        if (byDefault == null) {
            return Mono.just(route);
        }
        RequestRules own = rules(allowances.on(route, path));
        Refusal found = own.checkAllowances(path, request.getHeaders());
        if (found != null) {
            return refuse(found);
        }
        return Flux.fromIterable(PathReadings.of(path))
                .concatMap(reading -> isSame(reading, path, route, own, exchange, find))
                .all(Boolean::booleanValue)
                .flatMap(same -> same ? Mono.just(route) : refuse(byDefault));
    }

    private RequestRules rules(Set<Allowance> allowed) {
        return byAllowed.computeIfAbsent(
                Set.copyOf(allowed), more -> new RequestRules(settings.allowing(more)));
    }

    private Mono<Boolean> isSame(
            String reading,
            String path,
            Route route,
            RequestRules own,
            ServerWebExchange exchange,
            Function<ServerWebExchange, Mono<Route>> find) {
        if (own.checkAllowances(reading, exchange.getRequest().getHeaders()) != null) {
            return Mono.just(false);
        }
        return find.apply(new Reread(exchange, reading))
                .map(other -> leadsToNobody(other, reading) || isSame(route, path, other, reading))
                .defaultIfEmpty(true);
    }

    private static boolean isSame(Route route, String path, Route other, String reading) {
        return route.getId().equals(other.getId())
                && Objects.equals(
                        RouteTarget.service(route, path), RouteTarget.service(other, reading));
    }

    /** As what no other route matches, and no service is named like. */
    private boolean leadsToNobody(Route other, String reading) {
        String service = RouteTarget.service(other, reading);
        return RouteTarget.isServiceInPath(other)
                && service != null
                && tables.getObject().current().service(service) == null;
    }

    private Mono<Route> refuse(Refusal found) {
        metrics.refused(found);
        return Mono.error(
                GatewayProblem.refused(found.status().code(), found.code(), found.detail()));
    }

    /** The same request with another path; what its lookup leaves behind is its own. */
    private static final class Reread extends ServerWebExchangeDecorator {

        private final ServerHttpRequest request;
        private final Map<String, Object> attributes;

        Reread(ServerWebExchange exchange, String path) {
            super(exchange);
            request = exchange.getRequest().mutate().path(path).build();
            attributes = new HashMap<>(exchange.getAttributes());
            attributes.remove(GATEWAY_PREDICATE_PATH_CONTAINER_ATTR);
        }

        @Override
        public ServerHttpRequest getRequest() {
            return request;
        }

        @Override
        public Map<String, Object> getAttributes() {
            return attributes;
        }

        @Override
        @SuppressWarnings("unchecked")
        public <T> @Nullable T getAttribute(String name) {
            return (T) attributes.get(name);
        }
    }
}
