package dev.lepton.gateway.forwarding;

import org.springframework.cloud.gateway.filter.GatewayFilterChain;
import org.springframework.cloud.gateway.filter.GlobalFilter;
import org.springframework.cloud.gateway.filter.NettyWriteResponseFilter;
import org.springframework.core.Ordered;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;
import reactor.core.publisher.SignalType;

/**
 * Closes a request's attempts when its response was written, failed, or the client went away, and
 * sees to it that a response that broke off looks broken to the client.
 */
final class RequestEnd implements GlobalFilter, Ordered {

    @Override
    public int getOrder() {
        // Around the filter that writes the response.
        return NettyWriteResponseFilter.WRITE_RESPONSE_FILTER_ORDER - 1;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, GatewayFilterChain chain) {
        return chain.filter(exchange)
                .onErrorMap(
                        error ->
                                exchange.getResponse().isCommitted()
                                        && exchange.getAttribute(UnitRoutingFilter.ATTEMPTS)
                                                != null,
                        ResponseBroken::new)
                .doFinally(signal -> {
                    Attempts attempts = exchange.getAttribute(UnitRoutingFilter.ATTEMPTS);
                    if (attempts != null) {
                        attempts.close(signal == SignalType.ON_COMPLETE);
                    }
                });
    }
}
