package dev.lepton.gateway.leaving;

import org.springframework.core.Ordered;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/** Says in every answer of a gateway that leaves that its connection ends with it. */
final class LastAnswers implements WebFilter, Ordered {

    private final Leaving leaving;

    LastAnswers(Leaving leaving) {
        this.leaving = leaving;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        ServerHttpResponse response = exchange.getResponse();
        response.beforeCommit(() ->
                Mono.fromRunnable(() -> {
                    if (leaving.isBegun()) {
                        response.getHeaders().setConnection("close");
                    }
                }));
        return Mono.defer(() -> {
            leaving.requestCame();
            return chain.filter(exchange).doFinally(_ -> leaving.requestEnded());
        });
    }

    @Override
    public int getOrder() {
        return HIGHEST_PRECEDENCE;
    }
}
