package dev.lepton.gateway.forwarding;

import io.netty.handler.codec.http.HttpHeaders;
import org.jspecify.annotations.Nullable;
import org.springframework.core.Ordered;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerRequest;

/**
 * Remembers with which headers a request came, so that those that no filter has changed can be read
 * where they are: Spring's view of them makes several copies of each.
 */
final class ReceivedHeaders implements WebFilter, Ordered {

    private static final String ATTRIBUTE = ReceivedHeaders.class.getName();

    @Override
    public int getOrder() {
        return Ordered.HIGHEST_PRECEDENCE;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        exchange.getAttributes().put(ATTRIBUTE, exchange.getRequest().getHeaders());
        return chain.filter(exchange);
    }

    /** Null when they may have been changed: a filter can do so only by making others. */
    static @Nullable HttpHeaders of(ServerWebExchange exchange) {
        ServerHttpRequest request = exchange.getRequest();
        if (request.getHeaders() != exchange.getAttribute(ATTRIBUTE)) {
            return null;
        }
        HttpServerRequest received = ServerHttpRequestDecorator.getNativeRequest(request);
        return received.requestHeaders();
    }
}
