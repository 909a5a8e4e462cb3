package dev.lepton.gateway.lookup;

import java.util.List;
import org.springframework.cloud.gateway.filter.GatewayFilter;
import org.springframework.cloud.gateway.filter.GatewayFilterChain;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.CoreSubscriber;
import reactor.core.Exceptions;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;

/**
 * One filter of a request's, run when it is subscribed to, and the chain that this filter goes on
 * with: one object where Spring Cloud Gateway's chain makes three, and each request has a dozen.
 */
final class FilterStep extends Mono<Void> implements GatewayFilterChain {

    private final List<GatewayFilter> filters;
    private final int index;
    private final ServerWebExchange exchange;

    private FilterStep(List<GatewayFilter> filters, int index, ServerWebExchange exchange) {
        this.filters = filters;
        this.index = index;
        this.exchange = exchange;
    }

    /**
     * All filters, one after the other, each as far as the one before lets the exchange through.
     */
    static Mono<Void> through(List<GatewayFilter> filters, ServerWebExchange exchange) {
        return step(filters, 0, exchange);
    }

    private static Mono<Void> step(
            List<GatewayFilter> filters, int index, ServerWebExchange exchange) {
        return index < filters.size() ? new FilterStep(filters, index, exchange) : Mono.empty();
    }

    @Override
    public Mono<Void> filter(ServerWebExchange passedOn) {
        return step(filters, index + 1, passedOn);
    }

    @Override
    public void subscribe(CoreSubscriber<? super Void> subscriber) {
        Mono<Void> filtered;
        try {
            filtered = filters.get(index).filter(exchange, this);
        } catch (Throwable e) {
            Exceptions.throwIfFatal(e);
            Operators.error(subscriber, e);
            return;
        }
        filtered.subscribe(subscriber);
    }
}
