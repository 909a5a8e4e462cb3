package dev.lepton.gateway.forwarding;

import io.netty.handler.codec.http.HttpHeaders;
import org.jspecify.annotations.Nullable;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import reactor.netty.http.server.HttpServerRequest;

/**
 * The headers of a request where they were received, as long as no filter has put others in their
 * place: Spring's view of them makes several copies of each.
 */
final class ReceivedHeaders {

    /** What requests are before a filter has made another one of them. */
    static final String UNCHANGED =
            "org.springframework.http.server.reactive.ReactorServerHttpRequest";

    private static final @Nullable Class<?> TYPE = NativeType.named(UNCHANGED);

    private ReceivedHeaders() {}

    /** Null when they may have been changed: a filter can do so only by making another request. */
    static @Nullable HttpHeaders of(ServerHttpRequest request) {
        if (request.getClass() != TYPE) {
            return null;
        }
        HttpServerRequest received = ServerHttpRequestDecorator.getNativeRequest(request);
        return received.requestHeaders();
    }
}
