package dev.lepton.gateway.forwarding;

import static org.springframework.cloud.gateway.support.ServerWebExchangeUtils.GATEWAY_REQUEST_URL_ATTR;

import dev.lepton.client.unit.UnitAddress;
import dev.lepton.gateway.balancing.Affinity;
import dev.lepton.gateway.problem.GatewayProblem;
import dev.lepton.gateway.routing.RoutingTable;
import dev.lepton.gateway.routing.RoutingTables;
import dev.lepton.gateway.routing.ServiceUnits;
import java.net.URI;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.springframework.cloud.gateway.filter.GatewayFilterChain;
import org.springframework.http.HttpHeaders;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/**
 * Picks the unit for a web socket once, and leaves the rest to Spring Cloud Gateway's filter for
 * web sockets: what went through an open socket cannot be sent again.
 */
final class WebSocketUpgrade {

    private final RoutingTables tables;
    private final UpgradeClient client;
    private final HeaderRules headers;
    private final LongSupplier nanoTime;

    WebSocketUpgrade(
            RoutingTables tables,
            UpgradeClient client,
            HeaderRules headers,
            LongSupplier nanoTime) {
        this.tables = tables;
        this.client = client;
        this.headers = headers;
        this.nanoTime = nanoTime;
    }

    static boolean isAskedFor(ServerHttpRequest request) {
        return "websocket".equalsIgnoreCase(request.getHeaders().getFirst(HttpHeaders.UPGRADE));
    }

    Mono<Void> route(
            String service,
            @Nullable Addressed addressed,
            Affinity affinity,
            ServerWebExchange exchange,
            GatewayFilterChain chain) {
        RoutingTable table = tables.current();
        ServiceUnits units = table.service(service, affinity);
        if (units == null) {
            return Mono.error(
                    table.known()
                            ? GatewayProblem.unknownService(service)
                            : GatewayProblem.noFleetYet());
        }
        long now = nanoTime.getAsLong();
        // Not safe: the client's socket is open before the unit is asked.
        ServiceUnits.Pick pick = units.pick(affinity, Set.of(), false, now);
        if (pick == null) {
            return Mono.error(GatewayProblem.noUnit(units.whyNoneRoutable()));
        }
        Upgrade upgrade = new Upgrade(pick.unit(), pick.probe(), now);
        URI target = target(pick.unit().address(), addressed, exchange.getRequest().getURI());
        exchange.getAttributes().put(GATEWAY_REQUEST_URL_ATTR, target);
        ServerHttpRequest named = name(exchange.getRequest(), pick.unit().id().value());
        upgrade.begin();
        ServerHttpRequest asked = exchange.getRequest();
        client.expect(target, upgrade, filtered -> headers.forwarded(asked, filtered));
        whenClosed(exchange.getRequest(), () -> end(target, upgrade));
        // An upgrade that fails leaves the client's connection open for other requests.
        return chain.filter(exchange.mutate().request(named).build())
                .doOnError(_ -> end(target, upgrade))
                .doOnCancel(() -> end(target, upgrade));
    }

    private void end(URI target, Upgrade upgrade) {
        client.forget(target);
        upgrade.end();
    }

    /**
     * The exchange is over as soon as the socket is open; the session lasts as long as the client's
     * connection.
     */
    private static void whenClosed(ServerHttpRequest request, Runnable action) {
        ClientChannel.of(request).closeFuture().addListener(f -> action.run());
    }

    private static URI target(UnitAddress address, @Nullable Addressed addressed, URI request) {
        String scheme = address.scheme().equals("https") ? "wss" : "ws";
        String http = address.toString();
        return URI.create(
                scheme
                        + http.substring(http.indexOf(':'))
                        + UnitRoutingFilter.pathAndQuery(
                                addressed, request, request.getRawQuery()));
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
}
