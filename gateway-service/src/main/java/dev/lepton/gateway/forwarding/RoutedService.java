package dev.lepton.gateway.forwarding;

import static org.springframework.cloud.gateway.support.ServerWebExchangeUtils.GATEWAY_REQUEST_URL_ATTR;
import static org.springframework.cloud.gateway.support.ServerWebExchangeUtils.GATEWAY_ROUTE_ATTR;

import dev.lepton.gateway.edge.RawQuery;
import dev.lepton.gateway.routing.RouteTarget;
import java.net.URI;
import org.jspecify.annotations.Nullable;
import org.springframework.cloud.gateway.route.Route;
import org.springframework.web.server.ServerWebExchange;

/** The service that a request goes to; null where its route leads to none. */
public final class RoutedService {

    private RoutedService() {}

    /** By the request's route alone, before the filters of that have worked. */
    public static @Nullable String byRoute(ServerWebExchange exchange) {
        Route route = exchange.getAttribute(GATEWAY_ROUTE_ATTR);
        return route == null
                ? null
                : RouteTarget.service(route, exchange.getRequest().getURI().getRawPath());
    }

    /** By what the filters of the route have made of the request. */
    public static @Nullable String byUrl(ServerWebExchange exchange) {
        Addressed addressed = Addressed.of(exchange);
        if (addressed != null) {
            return addressed.service();
        }
        URI url = exchange.getAttribute(GATEWAY_REQUEST_URL_ATTR);
        return url == null || !UnitRoutingFilter.isOurs(url, exchange)
                ? null
                : UnitRoutingFilter.serviceOf(url, exchange);
    }

    /** As a unit of it gets them. */
    public static String pathAndQuery(ServerWebExchange exchange) {
        URI uri = exchange.getRequest().getURI();
        return UnitRoutingFilter.pathAndQuery(
                Addressed.of(exchange), uri, RawQuery.of(exchange, uri));
    }
}
