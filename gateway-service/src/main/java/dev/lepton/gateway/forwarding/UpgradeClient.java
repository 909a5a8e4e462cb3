package dev.lepton.gateway.forwarding;

import java.net.URI;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;
import org.springframework.http.HttpHeaders;
import org.springframework.web.reactive.socket.WebSocketHandler;
import org.springframework.web.reactive.socket.WebSocketSession;
import org.springframework.web.reactive.socket.client.WebSocketClient;
import reactor.core.publisher.Mono;

/**
 * Opens web sockets, and tells an {@link Upgrade} how its opening went: for the client the socket
 * is open before one is sought at the unit, so that its exchange does not show it.
 */
final class UpgradeClient implements WebSocketClient {

    private final WebSocketClient client;
    private final LongSupplier nanoTime;

    /** By the very object that Spring Cloud Gateway hands on: two sockets may have the same URL. */
    private final Map<URI, Expected> expected =
            Collections.synchronizedMap(new IdentityHashMap<>());

    UpgradeClient(WebSocketClient client, LongSupplier nanoTime) {
        this.client = client;
        this.nanoTime = nanoTime;
    }

    private record Expected(Upgrade upgrade, UnaryOperator<HttpHeaders> headers) {}

    /**
     * @param headers makes those for the unit of what Spring Cloud Gateway left of the client's
     */
    void expect(URI url, Upgrade upgrade, UnaryOperator<HttpHeaders> headers) {
        expected.put(url, new Expected(upgrade, headers));
    }

    void forget(URI url) {
        expected.remove(url);
    }

    @Override
    public Mono<Void> execute(URI url, WebSocketHandler handler) {
        return execute(url, HttpHeaders.EMPTY, handler);
    }

    @Override
    public Mono<Void> execute(URI url, HttpHeaders headers, WebSocketHandler handler) {
        Expected its = expected.remove(url);
        if (its == null) {
            return client.execute(url, headers, handler);
        }
        Upgrade upgrade = its.upgrade();
        return client.execute(url, its.headers().apply(headers), telling(upgrade, handler))
                .doOnError(error -> upgrade.failed(error, nanoTime.getAsLong()));
    }

    private WebSocketHandler telling(Upgrade upgrade, WebSocketHandler handler) {
        return new WebSocketHandler() {
            @Override
            public List<String> getSubProtocols() {
                return handler.getSubProtocols();
            }

            @Override
            public Mono<Void> handle(WebSocketSession session) {
                upgrade.opened(nanoTime.getAsLong());
                return handler.handle(session);
            }
        };
    }
}
