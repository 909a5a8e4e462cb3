package dev.lepton.gateway.forwarding;

import static org.springframework.cloud.gateway.support.ServerWebExchangeUtils.CACHED_REQUEST_BODY_ATTR;

import org.springframework.cloud.gateway.filter.GatewayFilterChain;
import org.springframework.cloud.gateway.filter.GlobalFilter;
import org.springframework.core.Ordered;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/**
 * Frees a body that was kept for the filters or predicates of a route, when its request is over.
 * Spring Cloud Gateway's own filter frees it until it has no holder left: not even the client's
 * connection, which may still be reading the same memory.
 */
final class CachedBodyEnd implements GlobalFilter, Ordered {

    @Override
    public int getOrder() {
        return Ordered.HIGHEST_PRECEDENCE;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, GatewayFilterChain chain) {
        return chain.filter(exchange).doFinally(signal -> free(exchange));
    }

    private static void free(ServerWebExchange exchange) {
        if (exchange.getAttributes().remove(CACHED_REQUEST_BODY_ATTR) instanceof DataBuffer body) {
            DataBufferUtils.release(body);
        }
    }
}
