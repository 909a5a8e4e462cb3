package dev.lepton.gateway.forwarding;

import static org.springframework.cloud.gateway.support.ServerWebExchangeUtils.CLIENT_RESPONSE_CONN_ATTR;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.cloud.gateway.filter.GatewayFilterChain;
import org.springframework.cloud.gateway.filter.NettyWriteResponseFilter;
import org.springframework.cloud.gateway.filter.headers.HttpHeadersFilter;
import org.springframework.core.io.buffer.NettyDataBufferFactory;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/**
 * Spring Cloud Gateway's own filter of this place, except for short answers of units that no filter
 * wants to see in parts: these are written as a whole, at half the cost.
 */
final class AnswerWriter extends NettyWriteResponseFilter {

    /** What responses are before a filter has made another one of them. */
    private static final @Nullable Class<?> UNCHANGED =
            NativeType.named("org.springframework.http.server.reactive.ReactorServerHttpResponse");

    AnswerWriter(
            List<MediaType> streamingMediaTypes,
            ObjectProvider<List<HttpHeadersFilter>> headersFilters) {
        super(streamingMediaTypes, headersFilters);
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, GatewayFilterChain chain) {
        return chain.filter(exchange).then(Mono.defer(() -> write(exchange)));
    }

    private Mono<Void> write(ServerWebExchange exchange) {
        Attempts attempts = exchange.getAttribute(UnitRoutingFilter.ATTEMPTS);
        Answer answer = attempts == null ? null : attempts.given();
        if (attempts == null || answer == null) {
            return inParts(exchange);
        }
        ServerHttpResponse response = exchange.getResponse();
        if (!isWhole(answer, exchange)
                || !(response.bufferFactory() instanceof NettyDataBufferFactory buffers)) {
            attempts.deadlineMet();
            return inParts(exchange);
        }
        return response.writeWith(
                new ShortBody(answer.connection(), buffers, attempts::deadlineMet));
    }

    private Mono<Void> inParts(ServerWebExchange exchange) {
        return super.filter(exchange, answered -> Mono.empty());
    }

    /** One that is kept may be read in parts as well, and one in HTTP/2 may have trailers. */
    private static boolean isWhole(Answer answer, ServerWebExchange exchange) {
        return exchange.getResponse().getClass() == UNCHANGED
                && exchange.getAttribute(CLIENT_RESPONSE_CONN_ATTR) == answer.connection()
                && ShortBody.isShort(answer.response())
                && answer.response().version().majorVersion() == 1;
    }
}
