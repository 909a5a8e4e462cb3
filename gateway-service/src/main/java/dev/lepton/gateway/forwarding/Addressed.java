package dev.lepton.gateway.forwarding;

import static org.springframework.cloud.gateway.support.ServerWebExchangeUtils.GATEWAY_REQUEST_URL_ATTR;

import dev.lepton.gateway.routing.RouteTarget;
import java.net.URI;
import org.jspecify.annotations.Nullable;
import org.springframework.cloud.gateway.route.Route;
import org.springframework.web.server.ServerWebExchange;

/**
 * That a request goes to a unit of a service.
 *
 * @param inPath whether the service is the first segment of the path, which its units do not see
 * @param url what stands for the address of the request while that is so; a filter that puts
 *     another one in its place sends the request elsewhere
 */
record Addressed(String service, boolean inPath, URI url) {

    private static final String ATTRIBUTE = Addressed.class.getName();

    /** Null when the URI of the route does not say so by itself. */
    static @Nullable Addressed by(Route route, URI request) {
        String service = RouteTarget.service(route, request.getRawPath());
        if (service == null || route.getUri().getHost() == null) {
            return null;
        }
        // What a fallback forwards has none, and the filter for web sockets asks for one.
        URI url = request.getScheme() == null ? route.getUri() : request;
        return new Addressed(service, RouteTarget.isServiceInPath(route), url);
    }

    void put(ServerWebExchange exchange) {
        exchange.getAttributes().put(ATTRIBUTE, this);
        exchange.getAttributes().put(GATEWAY_REQUEST_URL_ATTR, url);
    }

    /** Null when the request goes elsewhere, or its URL says where. */
    static @Nullable Addressed of(ServerWebExchange exchange) {
        Addressed addressed = exchange.getAttribute(ATTRIBUTE);
        return addressed != null && addressed.url == exchange.getAttribute(GATEWAY_REQUEST_URL_ATTR)
                ? addressed
                : null;
    }
}
