package dev.lepton.gateway.forwarding;

import static org.springframework.cloud.gateway.support.ServerWebExchangeUtils.CLIENT_RESPONSE_ATTR;
import static org.springframework.cloud.gateway.support.ServerWebExchangeUtils.CLIENT_RESPONSE_CONN_ATTR;
import static org.springframework.cloud.gateway.support.ServerWebExchangeUtils.CLIENT_RESPONSE_HEADER_NAMES;
import static org.springframework.cloud.gateway.support.ServerWebExchangeUtils.ORIGINAL_RESPONSE_CONTENT_TYPE_ATTR;

import io.netty.handler.codec.http.HttpHeaderNames;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import org.springframework.cloud.gateway.filter.GatewayFilterChain;
import org.springframework.cloud.gateway.filter.headers.GRPCResponseHeadersFilter;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.CoreSubscriber;
import reactor.core.Exceptions;
import reactor.core.publisher.Mono;
import reactor.util.context.Context;

/**
 * Has a request answered by a unit, readies the response for the client, and goes on with the
 * filters that follow.
 */
final class Delivery extends Mono<Void> {

    private static final GRPCResponseHeadersFilter GRPC_STATUS = new GRPCResponseHeadersFilter();

    private final Attempts attempts;
    private final HeaderRules headers;
    private final ServerWebExchange exchange;
    private final GatewayFilterChain chain;

    Delivery(
            Attempts attempts,
            HeaderRules headers,
            ServerWebExchange exchange,
            GatewayFilterChain chain) {
        this.attempts = attempts;
        this.headers = headers;
        this.exchange = exchange;
        this.chain = chain;
    }

    @Override
    public void subscribe(CoreSubscriber<? super Void> client) {
        Course course = new Course(client);
        client.onSubscribe(course);
        attempts.begin(course);
    }

    private void prepareResponse(Answer answer) {
        ServerHttpResponse response = exchange.getResponse();
        response.setStatusCode(HttpStatusCode.valueOf(answer.response().status().code()));
        io.netty.handler.codec.http.HttpHeaders ofUnit = answer.response().responseHeaders();
        Set<String> names = headers.toClient(ofUnit, response.getHeaders());
        String contentType = ofUnit.get(HttpHeaderNames.CONTENT_TYPE);
        if (contentType != null) {
            exchange.getAttributes().put(ORIGINAL_RESPONSE_CONTENT_TYPE_ATTR, contentType);
        }
        response.getHeaders().set(LeptonHeaders.UNIT, answer.attempt().unit().id().value());
        // With the unit's, so that it goes with them when a filter wants another answer.
        names.add(LeptonHeaders.UNIT);
        exchange.getAttributes().put(CLIENT_RESPONSE_ATTR, answer.response());
        exchange.getAttributes().put(CLIENT_RESPONSE_CONN_ATTR, answer.connection());
        exchange.getAttributes().put(CLIENT_RESPONSE_HEADER_NAMES, names);
        // A call that ends with its head has its status there, and clients look for it in trailers.
        GRPC_STATUS.filter(response.getHeaders(), exchange);
        tellAttempts(answer.attempts());
        // The end of a whole one follows its beginning at once, and tells as much of its unit.
        if (!(answer.connection() instanceof WholeBody)) {
            response.beforeCommit(() -> Mono.fromRunnable(attempts::responseBegan));
        }
    }

    private void tellAttempts(int made) {
        ServerHttpResponse response = exchange.getResponse();
        if (made > 1 && !response.isCommitted()) {
            response.getHeaders().set(LeptonHeaders.ATTEMPTS, Integer.toString(made));
        }
    }

    /** In one place what would be six operators of each request. */
    private final class Course implements Attempts.Sender, CoreSubscriber<Void>, Subscription {

        private final CoreSubscriber<? super Void> client;

        /** What follows the answer. */
        private volatile @Nullable Subscription rest;

        private volatile boolean cancelled;

        Course(CoreSubscriber<? super Void> client) {
            this.client = client;
        }

        @Override
        public void answered(Answer answer) {
            if (cancelled) {
                return;
            }
            Mono<Void> following;
            try {
                prepareResponse(answer);
                following = chain.filter(exchange);
            } catch (Throwable e) {
                Exceptions.throwIfFatal(e);
                client.onError(e);
                return;
            }
            following.subscribe(this);
        }

        @Override
        public void failed(Throwable problem) {
            if (!cancelled) {
                tellAttempts(attempts.begun());
                client.onError(problem);
            }
        }

        @Override
        public Context currentContext() {
            return client.currentContext();
        }

        @Override
        public void onSubscribe(Subscription subscription) {
            rest = subscription;
            if (cancelled) {
                subscription.cancel();
            } else {
                subscription.request(Long.MAX_VALUE);
            }
        }

        @Override
        public void onNext(Void nothing) {}

        @Override
        public void onComplete() {
            client.onComplete();
        }

        @Override
        public void onError(Throwable error) {
            client.onError(error);
        }

        /** There is nothing but an end. */
        @Override
        public void request(long n) {}

        /** Also by a time limit of a filter, which then goes on with the request. */
        @Override
        public void cancel() {
            cancelled = true;
            Subscription following = rest;
            if (following == null) {
                attempts.close(false);
            } else {
                following.cancel();
            }
        }
    }
}
