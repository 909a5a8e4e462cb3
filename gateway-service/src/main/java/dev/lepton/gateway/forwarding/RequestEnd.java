package dev.lepton.gateway.forwarding;

import static org.springframework.cloud.gateway.support.ServerWebExchangeUtils.CLIENT_RESPONSE_HEADER_NAMES;

import dev.lepton.gateway.problem.GatewayProblem;
import io.netty.handler.timeout.ReadTimeoutException;
import java.io.IOException;
import java.util.Collection;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import org.springframework.cloud.gateway.filter.GatewayFilterChain;
import org.springframework.cloud.gateway.filter.GlobalFilter;
import org.springframework.cloud.gateway.filter.NettyWriteResponseFilter;
import org.springframework.core.Ordered;
import org.springframework.http.HttpHeaders;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoOperator;
import reactor.netty.channel.AbortedException;
import reactor.util.context.Context;

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
        return new Ending(chain.filter(exchange), exchange);
    }

    private static final class Ending extends MonoOperator<Void, Void> {

        private final ServerWebExchange exchange;

        Ending(Mono<Void> response, ServerWebExchange exchange) {
            super(response);
            this.exchange = exchange;
        }

        @Override
        public void subscribe(CoreSubscriber<? super Void> client) {
            source.subscribe(new End(client, exchange));
        }
    }

    /** In one place what would be four operators of each request. */
    private static final class End implements CoreSubscriber<Void>, Subscription {

        private final CoreSubscriber<? super Void> client;
        private final ServerWebExchange exchange;
        private @Nullable Subscription response;

        End(CoreSubscriber<? super Void> client, ServerWebExchange exchange) {
            this.client = client;
            this.exchange = exchange;
        }

        @Override
        public Context currentContext() {
            return client.currentContext();
        }

        @Override
        public void onSubscribe(Subscription subscription) {
            response = subscription;
            client.onSubscribe(this);
        }

        @Override
        public void onNext(Void nothing) {}

        @Override
        public void onComplete() {
            // Before the signal goes on: the filters around this one free a cached body then.
            close(exchange, true);
            client.onComplete();
        }

        @Override
        public void onError(Throwable error) {
            Throwable told = asTheClientSeesIt(error, exchange);
            close(exchange, false);
            client.onError(told);
        }

        @Override
        public void request(long n) {
            if (response != null) {
                response.request(n);
            }
        }

        @Override
        public void cancel() {
            // And not before it went down: what writes the response is to stop first.
            if (response != null) {
                response.cancel();
            }
            close(exchange, false);
        }
    }

    private static void close(ServerWebExchange exchange, boolean delivered) {
        Attempts attempts = exchange.getAttribute(UnitRoutingFilter.ATTEMPTS);
        if (attempts != null) {
            attempts.close(delivered);
        }
    }

    private static Throwable asTheClientSeesIt(Throwable error, ServerWebExchange exchange) {
        Attempts attempts = exchange.getAttribute(UnitRoutingFilter.ATTEMPTS);
        if (attempts == null) {
            return error;
        }
        if (exchange.getResponse().isCommitted()) {
            return new ResponseBroken(error);
        }
        removeHeadersOfTheUnit(exchange);
        if (!isOfAConnection(error)) {
            return error;
        }
        // The gateway's answer to the client cannot fail before it was begun, so this is the
        // unit's.
        attempts.responseBroke();
        if (error instanceof ReadTimeoutException) {
            return GatewayProblem.responseTimedOut(
                    "a unit answered with a head, and for too long no body followed");
        }
        return GatewayProblem.responseBroken(
                "a unit answered with a head, and its connection broke before the body: "
                        + error.getClass().getSimpleName());
    }

    /** They describe a response that the client will not get. */
    private static void removeHeadersOfTheUnit(ServerWebExchange exchange) {
        HttpHeaders headers = exchange.getResponse().getHeaders();
        Collection<String> names =
                exchange.getAttributeOrDefault(CLIENT_RESPONSE_HEADER_NAMES, Set.of());
        names.forEach(headers::remove);
    }

    private static boolean isOfAConnection(Throwable error) {
        return error instanceof IOException
                || error instanceof AbortedException
                || error instanceof ReadTimeoutException;
    }
}
