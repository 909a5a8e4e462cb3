package dev.lepton.gateway.forwarding;

import dev.lepton.client.unit.UnitAddress;
import dev.lepton.gateway.settings.GatewaySettings;
import io.netty.channel.ChannelOption;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.reactivestreams.Publisher;
import org.springframework.beans.factory.DisposableBean;
import reactor.core.publisher.Mono;
import reactor.netty.http.HttpProtocol;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.client.HttpClientResponse;
import reactor.netty.resources.ConnectionProvider;
import reactor.netty.transport.AddressUtils;

/**
 * Connections to units. The most recently used one is taken first, idle ones are closed before a
 * unit would close them, and nothing is retried behind the gateway's back. All requests share one
 * configuration: another one would be another pool.
 */
final class UnitClient implements DisposableBean {

    private static final Set<HttpMethod> USUAL =
            Set.of(
                    HttpMethod.GET,
                    HttpMethod.HEAD,
                    HttpMethod.POST,
                    HttpMethod.PUT,
                    HttpMethod.PATCH,
                    HttpMethod.DELETE,
                    HttpMethod.OPTIONS);
    private static final Duration EVICTION = Duration.ofSeconds(2);
    private static final Duration UNUSED_POOL_CHECK = Duration.ofSeconds(30);
    private static final Duration STOP = Duration.ofSeconds(2);
    private static final int UNACKNOWLEDGED_MILLIS = 3000;
    private static final int KEEPALIVE_AFTER_SECONDS = 5;
    private static final int KEEPALIVE_EVERY_SECONDS = 1;
    private static final int KEEPALIVE_PROBES = 3;

    private final ConnectionProvider connections;
    private final ConnectionProvider sharedConnections;
    private final HttpClient http1;
    private final HttpClient http1WithTls;
    private final HttpClient http2;
    private final HttpClient http2WithTls;
    private final GatewaySettings settings;
    private final Duration bodyIdle;
    private final Map<To, HttpClient.RequestSender> senders = new ConcurrentHashMap<>();

    private record To(String service, UnitAddress address, HttpMethod method) {}

    UnitClient(GatewaySettings settings, UnitTls tls) {
        Supplier<ConnectionProvider> newPool =
                () ->
                        ConnectionProvider.builder("units")
                                .maxConnections(settings.pool().maxConnections())
                                .pendingAcquireTimeout(settings.connectTimeout())
                                .maxIdleTime(settings.pool().maxIdle())
                                .evictInBackground(EVICTION)
                                // Also those that a request made whose unit was just forgotten.
                                .disposeInactivePoolsInBackground(
                                        UNUSED_POOL_CHECK, settings.pool().maxIdle())
                                .lifo()
                                .build();
        connections = new LoopConnections(newPool);
        sharedConnections = newPool.get();
        http1 = configured(connections, settings);
        // So that each loop knows itself before the first request asks it for a connection.
        http1.warmup().block();
        http1WithTls = tls.secureHttp1(http1);
        // One connection carries the requests of all loops.
        HttpClient shared = configured(sharedConnections, settings);
        http2 = shared.protocol(HttpProtocol.H2C);
        http2WithTls = tls.secureHttp2(shared.protocol(HttpProtocol.H2));
        this.settings = settings;
        bodyIdle = settings.bodyIdle();
    }

    private static HttpClient configured(ConnectionProvider connections, GatewaySettings settings) {
        HttpClient client =
                HttpClient.create(connections)
                        .option(
                                ChannelOption.CONNECT_TIMEOUT_MILLIS,
                                (int) settings.connectTimeout().toMillis())
                        .followRedirect(false)
                        .disableRetry(true);
        return Epoll.isAvailable() ? noticingDeadHosts(client) : client;
    }

    /** A host that is gone acknowledges neither what was sent nor, when nothing was, a probe. */
    private static HttpClient noticingDeadHosts(HttpClient client) {
        return client.option(EpollChannelOption.TCP_USER_TIMEOUT, UNACKNOWLEDGED_MILLIS)
                .option(ChannelOption.SO_KEEPALIVE, true)
                .option(EpollChannelOption.TCP_KEEPIDLE, KEEPALIVE_AFTER_SECONDS)
                .option(EpollChannelOption.TCP_KEEPINTVL, KEEPALIVE_EVERY_SECONDS)
                .option(EpollChannelOption.TCP_KEEPCNT, KEEPALIVE_PROBES);
    }

    /**
     * Sends a request when subscribed to; completes once the attempt has seen the head of the
     * response, or all of a short one.
     */
    Publisher<Void> send(OutgoingRequest request, Attempt attempt) {
        return senderTo(request.service(), attempt.unit().address(), request.method())
                .uri(request.pathAndQuery())
                .send((prepared, outbound) -> attempt.sending(prepared, outbound, request))
                .responseConnection((response, connection) -> {
                    if (announcesABodyThatItCannotHave(request, response)) {
                        // Some units send it all the same, and before the next response.
                        connection.markPersistent(false);
                    }
                    BodyIdleLimit.watch(connection, bodyIdle);
                    if (WholeBody.isComing(request, response)) {
                        return new Gathering(response, connection, attempt);
                    }
                    attempt.answered(response, connection);
                    return Mono.<Void>empty();
                });
    }

    /** Kept, because each change of a client copies all of it. */
    private HttpClient.RequestSender senderTo(
            String service, UnitAddress address, HttpMethod method) {
        To to = new To(service, address, method);
        // A client can invent others, as many as it likes.
        return USUAL.contains(method)
                ? senders.computeIfAbsent(to, this::newSender)
                : newSender(to);
    }

    private HttpClient.RequestSender newSender(To to) {
        InetSocketAddress remote = remote(to.address());
        boolean secure = to.address().scheme().equals("https");
        HttpClient client =
                switch (settings.protocolOf(to.service())) {
                    case HTTP1 -> secure ? http1WithTls : http1;
                    case HTTP2 -> secure ? http2WithTls : http2;
                };
        return client.remoteAddress(() -> remote).request(to.method());
    }

    static boolean mayHaveBody(OutgoingRequest request, HttpClientResponse response) {
        return !request.method().equals(HttpMethod.HEAD)
                && !response.status().equals(HttpResponseStatus.NO_CONTENT)
                && !response.status().equals(HttpResponseStatus.NOT_MODIFIED);
    }

    private static boolean announcesABodyThatItCannotHave(
            OutgoingRequest request, HttpClientResponse response) {
        HttpHeaders headers = response.responseHeaders();
        return !mayHaveBody(request, response)
                && (headers.contains(HttpHeaderNames.TRANSFER_ENCODING)
                        || !"0".equals(headers.get(HttpHeaderNames.CONTENT_LENGTH, "0")));
    }

    private static InetSocketAddress remote(UnitAddress address) {
        return AddressUtils.createUnresolved(address.host(), address.port());
    }

    /** Closes the unused connections to an address now, and the used ones when they are free. */
    void forget(UnitAddress address) {
        // All of them: a request that is just being sent may have kept one of another that is gone.
        senders.clear();
        connections.disposeWhen(remote(address));
        sharedConnections.disposeWhen(remote(address));
    }

    @Override
    public void destroy() {
        connections.disposeLater().then(sharedConnections.disposeLater()).block(STOP);
    }
}
