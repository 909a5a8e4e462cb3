package dev.lepton.gateway.forwarding;

import static org.springframework.cloud.gateway.support.ServerWebExchangeUtils.CLIENT_RESPONSE_CONN_ATTR;

import io.netty.handler.codec.http.HttpVersion;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.cloud.gateway.filter.GatewayFilterChain;
import org.springframework.cloud.gateway.filter.NettyWriteResponseFilter;
import org.springframework.cloud.gateway.filter.headers.HttpHeadersFilter;
import org.springframework.core.io.buffer.NettyDataBufferFactory;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerRequest;

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
        ServerHttpResponse response = exchange.getResponse();
        return response.getClass() == UNCHANGED
                        && exchange.getAttribute(CLIENT_RESPONSE_CONN_ATTR)
                                instanceof WholeBody body
                        && response.bufferFactory() instanceof NettyDataBufferFactory buffers
                        && !isOld(exchange.getRequest())
                ? response.writeWith(Mono.fromSupplier(() -> buffers.wrap(body.take())))
                : super.filter(exchange, answered -> Mono.empty());
    }

    /** The server would put the version of the request before an answer that is whole. */
    private static boolean isOld(ServerHttpRequest request) {
        HttpServerRequest received = ServerHttpRequestDecorator.getNativeRequest(request);
        return received.version().equals(HttpVersion.HTTP_1_0);
    }
}
