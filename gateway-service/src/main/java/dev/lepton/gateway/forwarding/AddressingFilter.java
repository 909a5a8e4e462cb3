package dev.lepton.gateway.forwarding;

import static org.springframework.cloud.gateway.support.ServerWebExchangeUtils.GATEWAY_ROUTE_ATTR;

import org.springframework.cloud.gateway.filter.GatewayFilterChain;
import org.springframework.cloud.gateway.filter.RouteToRequestUrlFilter;
import org.springframework.cloud.gateway.route.Route;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/**
 * Spring Cloud Gateway's own filter of this place, except for requests to units: which one gets it
 * is not known yet, so there is no URL to be built.
 */
final class AddressingFilter extends RouteToRequestUrlFilter {

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, GatewayFilterChain chain) {
        Route route = exchange.getAttribute(GATEWAY_ROUTE_ATTR);
        Addressed addressed =
                route == null ? null : Addressed.by(route, exchange.getRequest().getURI());
        if (addressed == null) {
            return super.filter(exchange, chain);
        }
        addressed.put(exchange);
        return chain.filter(exchange);
    }
}
