package dev.lepton.gateway.forwarding;

import static org.springframework.cloud.gateway.support.ServerWebExchangeUtils.GATEWAY_REQUEST_URL_ATTR;

import dev.lepton.client.unit.UnitAddress;
import dev.lepton.gateway.problem.GatewayProblem;
import dev.lepton.gateway.routing.InFlight;
import dev.lepton.gateway.routing.RoutingTable;
import dev.lepton.gateway.routing.RoutingTables;
import dev.lepton.gateway.routing.ServiceUnits;
import dev.lepton.gateway.routing.TrackedUnit;
import java.net.URI;
import java.util.List;
import java.util.function.LongSupplier;
import org.springframework.cloud.gateway.filter.GatewayFilterChain;
import org.springframework.http.HttpHeaders;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerRequest;

/**
 * Picks the unit for a web socket once, and leaves the rest to Spring Cloud Gateway's filter for
 * web sockets: what went through an open socket cannot be sent again.
 */
final class WebSocketUpgrade {

    private final RoutingTables tables;
    private final LongSupplier nanoTime;

    WebSocketUpgrade(RoutingTables tables, LongSupplier nanoTime) {
        this.tables = tables;
        this.nanoTime = nanoTime;
    }

    static boolean isAskedFor(ServerHttpRequest request) {
        return "websocket".equalsIgnoreCase(request.getHeaders().getFirst(HttpHeaders.UPGRADE));
    }

    Mono<Void> route(String service, ServerWebExchange exchange, GatewayFilterChain chain) {
        RoutingTable table = tables.current();
        ServiceUnits units = table.service(service);
        if (units == null) {
            return Mono.error(
                    table.known()
                            ? GatewayProblem.unknownService(service)
                            : GatewayProblem.noFleetYet());
        }
        long now = nanoTime.getAsLong();
        TrackedUnit unit = units.pickAsked(now);
        if (unit == null) {
            return Mono.error(GatewayProblem.noUnit(units.whyNoneRoutable()));
        }
        exchange.getAttributes()
                .put(
                        GATEWAY_REQUEST_URL_ATTR,
                        target(unit.address(), exchange.getRequest().getURI()));
        ServerHttpRequest named = name(exchange.getRequest(), unit.id().value());
        InFlight session = new Session();
        unit.begin(session, now);
        whenClosed(exchange.getRequest(), () -> unit.end(session));
        // An upgrade that fails leaves the client's connection open for other requests.
        return chain.filter(exchange.mutate().request(named).build())
                .doOnError(_ -> unit.end(session))
                .doOnCancel(() -> unit.end(session));
    }

    /**
     * The exchange is over as soon as the socket is open; the session lasts as long as the client's
     * connection.
     */
    private static void whenClosed(ServerHttpRequest request, Runnable action) {
        HttpServerRequest inbound = ServerHttpRequestDecorator.getNativeRequest(request);
        inbound.withConnection(
                connection -> connection.channel().closeFuture().addListener(f -> action.run()));
    }

    private static URI target(UnitAddress address, URI request) {
        String scheme = address.scheme().equals("https") ? "wss" : "ws";
        String http = address.toString();
        return URI.create(
                scheme
                        + http.substring(http.indexOf(':'))
                        + UnitRoutingFilter.pathAndQuery(request));
    }

    private static ServerHttpRequest name(ServerHttpRequest request, String unit) {
        return request.mutate()
                .headers(headers -> {
                    List.copyOf(headers.headerNames()).stream()
                            .filter(LeptonHeaders::isOurs)
                            .forEach(headers::remove);
                    headers.set(LeptonHeaders.UNIT, unit);
                })
                .build();
    }

    /** A web socket stays where it is, also when its unit leaves the table. */
    private static final class Session implements InFlight {
        @Override
        public void unitGone() {
            // The connection itself tells when it is over.
        }
    }
}
