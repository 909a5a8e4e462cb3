package dev.lepton.gateway.edge;

import dev.lepton.gateway.problem.GatewayProblem;
import org.springframework.core.Ordered;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerRequest;

/**
 * Applies the rules to requests in HTTP/2. No {@link RequestGuard} sees these: each has a channel
 * of its own, and one that is refused takes no other with it.
 */
final class Http2Filter implements WebFilter, Ordered {

    private final RequestRules rules;
    private final EdgeMetrics metrics;

    Http2Filter(RequestRules rules, EdgeMetrics metrics) {
        this.rules = rules;
        this.metrics = metrics;
    }

    @Override
    public int getOrder() {
        return Ordered.HIGHEST_PRECEDENCE;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        HttpServerRequest request =
                ServerHttpRequestDecorator.getNativeRequest(exchange.getRequest());
        Refusal found =
                request.version().majorVersion() < 2
                        ? null
                        : rules.check(request.method(), request.uri(), request.requestHeaders());
        if (found == null) {
            return chain.filter(exchange);
        }
        metrics.refused(found);
        return Mono.error(
                GatewayProblem.refused(found.status().code(), found.code(), found.detail()));
    }
}
