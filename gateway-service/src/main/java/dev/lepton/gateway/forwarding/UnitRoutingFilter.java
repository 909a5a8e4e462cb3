package dev.lepton.gateway.forwarding;

import static org.springframework.cloud.gateway.support.ServerWebExchangeUtils.CACHED_REQUEST_BODY_ATTR;
import static org.springframework.cloud.gateway.support.ServerWebExchangeUtils.GATEWAY_REQUEST_URL_ATTR;
import static org.springframework.cloud.gateway.support.ServerWebExchangeUtils.GATEWAY_ROUTE_ATTR;
import static org.springframework.cloud.gateway.support.ServerWebExchangeUtils.GATEWAY_SCHEME_PREFIX_ATTR;
import static org.springframework.cloud.gateway.support.ServerWebExchangeUtils.PRESERVE_HOST_HEADER_ATTRIBUTE;
import static org.springframework.cloud.gateway.support.ServerWebExchangeUtils.isAlreadyRouted;
import static org.springframework.cloud.gateway.support.ServerWebExchangeUtils.setAlreadyRouted;

import dev.lepton.gateway.balancing.Affinity;
import dev.lepton.gateway.edge.RawQuery;
import dev.lepton.gateway.routing.RouteTarget;
import dev.lepton.gateway.settings.UnitProtocol;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import java.net.URI;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.cloud.gateway.filter.GatewayFilterChain;
import org.springframework.cloud.gateway.filter.GlobalFilter;
import org.springframework.cloud.gateway.route.Route;
import org.springframework.core.Ordered;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.http.HttpHeaders;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Sends what a route addresses to {@code unit://{service}} or {@code lb://{service}} to a unit of
 * that service, and leaves the response to Spring Cloud Gateway's own filter to write. All other
 * routes pass.
 */
final class UnitRoutingFilter implements GlobalFilter, Ordered {

    /** Exchange attribute: the request's attempts. */
    static final String ATTEMPTS = UnitRoutingFilter.class.getName() + ".attempts";

    private final Dispatcher dispatcher;
    private final Affinities affinities;
    private final HeaderRules headers;
    private final WebSocketUpgrade webSocket;

    UnitRoutingFilter(
            Dispatcher dispatcher,
            Affinities affinities,
            HeaderRules headers,
            WebSocketUpgrade webSocket) {
        this.dispatcher = dispatcher;
        this.affinities = affinities;
        this.headers = headers;
        this.webSocket = webSocket;
    }

    @Override
    public int getOrder() {
        // Before the filters that route web sockets and http.
        return Ordered.LOWEST_PRECEDENCE - 2;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, GatewayFilterChain chain) {
        if (isAlreadyRouted(exchange)) {
            return chain.filter(exchange);
        }
        Addressed addressed = Addressed.of(exchange);
        URI url = exchange.getRequiredAttribute(GATEWAY_REQUEST_URL_ATTR);
        if (addressed == null && !isOurs(url, exchange)) {
            return chain.filter(exchange);
        }
        String service = addressed != null ? addressed.service() : serviceOf(url, exchange);
        Affinity affinity = affinities.of(service, exchange.getRequest());
        if (WebSocketUpgrade.isAskedFor(exchange.getRequest())) {
            return webSocket.route(service, addressed, affinity, exchange, chain);
        }
        setAlreadyRouted(exchange);
        Terms terms = Terms.of(service, exchange, dispatcher.settings());
        Attempts attempts =
                dispatcher.attempts(outgoing(service, addressed, affinity, terms, exchange));
        if (exchange.getAttributes().put(ATTEMPTS, attempts) instanceof Attempts before) {
            // A filter of the route, Retry for one, sends the request once more.
            before.close(false);
        }
        return new Delivery(attempts, headers, exchange, chain);
    }

    static boolean isOurs(URI url, ServerWebExchange exchange) {
        String prefix = exchange.getAttribute(GATEWAY_SCHEME_PREFIX_ATTR);
        return RouteTarget.isOfUnits(url.getScheme()) || RouteTarget.isOfUnits(prefix);
    }

    static String serviceOf(URI url, ServerWebExchange exchange) {
        if (url.getHost() != null) {
            return url.getHost().toLowerCase(Locale.ROOT);
        }
        // A name with an underscore is no host name, and the merged URL has lost it.
        Route route = exchange.getRequiredAttribute(GATEWAY_ROUTE_ATTR);
        String authority = route.getUri().getAuthority();
        return authority == null ? "" : authority.toLowerCase(Locale.ROOT);
    }

    private OutgoingRequest outgoing(
            String service,
            @Nullable Addressed addressed,
            Affinity affinity,
            Terms terms,
            ServerWebExchange exchange) {
        ServerHttpRequest request = exchange.getRequest();
        boolean hasBody = hasBody(request.getHeaders());
        boolean keepHost = exchange.getAttributeOrDefault(PRESERVE_HOST_HEADER_ATTRIBUTE, false);
        // They are passed on, and gRPC asks for that.
        boolean takesTrailers = dispatcher.settings().protocolOf(service) == UnitProtocol.HTTP2;
        return new OutgoingRequest(
                service,
                affinity,
                HttpMethod.valueOf(request.getMethod().name()),
                pathAndQuery(addressed, request.getURI(), RawQuery.of(exchange, request.getURI())),
                out -> {
                    headers.toUnit(request, hasBody, keepHost, out);
                    if (takesTrailers) {
                        out.set(HttpHeaderNames.TE, HttpHeaderValues.TRAILERS);
                    }
                },
                hasBody ? body(exchange) : null,
                request.getHeaders().getContentLength(),
                terms.keyed(),
                terms.deadline(),
                terms.priority(),
                ClientChannel.of(request).eventLoop());
    }

    private ReplayBody body(ServerWebExchange exchange) {
        Flux<DataBuffer> body = exchange.getRequest().getBody();
        long limit = dispatcher.settings().replayLimit().toBytes();
        return exchange.getAttributes().containsKey(CACHED_REQUEST_BODY_ATTR)
                ? ReplayBody.ofCached(body, limit)
                : new ReplayBody(body, limit);
    }

    private static boolean hasBody(HttpHeaders headers) {
        return headers.containsHeader(HttpHeaders.TRANSFER_ENCODING)
                || headers.getContentLength() > 0;
    }

    static String pathAndQuery(@Nullable Addressed to, URI uri, @Nullable String query) {
        String path = uri.getRawPath();
        String rooted = path == null || path.isEmpty() ? "/" : path;
        String itsOwn = to != null && to.inPath() ? CatchAllRoute.rest(rooted) : rooted;
        return query == null ? itsOwn : itsOwn + "?" + query;
    }
}
