package dev.lepton.gateway.lookup;

import static org.springframework.cloud.gateway.support.ServerWebExchangeUtils.GATEWAY_ROUTE_ATTR;

import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.cloud.gateway.filter.GatewayFilter;
import org.springframework.cloud.gateway.filter.GlobalFilter;
import org.springframework.cloud.gateway.handler.FilteringWebHandler;
import org.springframework.cloud.gateway.route.Route;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/**
 * Sorts the filters of a route once, when the routes become known. The cache of Spring Cloud
 * Gateway hashes all that a route holds for every request; here a route is its own key.
 */
final class KeptFilters extends FilteringWebHandler {

    private volatile Map<Route, List<GatewayFilter>> kept = Map.of();

    KeptFilters(List<GlobalFilter> globalFilters) {
        super(globalFilters, false);
    }

    void keep(List<Route> routes) {
        Map<Route, List<GatewayFilter>> filters = new IdentityHashMap<>();
        routes.forEach(route -> filters.put(route, getAllFilters(route)));
        kept = filters;
    }

    @Override
    public Mono<Void> handle(ServerWebExchange exchange) {
        Route route = exchange.getRequiredAttribute(GATEWAY_ROUTE_ATTR);
        return FilterStep.through(getCombinedFilters(route), exchange);
    }

    @Override
    protected List<GatewayFilter> getCombinedFilters(Route route) {
        List<GatewayFilter> filters = kept.get(route);
        // A request may still be on its way by a route that has been replaced meanwhile.
        return filters == null ? getAllFilters(route) : filters;
    }
}
