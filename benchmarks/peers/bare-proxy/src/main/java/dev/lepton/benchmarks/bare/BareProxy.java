package dev.lepton.benchmarks.bare;

import io.netty.handler.codec.http.HttpHeaderNames;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.reactivestreams.Publisher;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;

/**
 * Sends each request to the next unit without its first path segment. It has no routes, no filters
 * and no retries: no gateway that is built on reactor-netty as it is can cost less.
 */
public final class BareProxy {

    private final List<HttpClient> units;
    private final AtomicInteger next = new AtomicInteger();

    private BareProxy(List<HttpClient> units) {
        this.units = units;
    }

    /**
     * @param arguments the proxy's port, then those of the units
     */
    public static void main(String[] arguments) {
        List<Integer> ports = Arrays.stream(arguments).map(Integer::parseInt).toList();
        BareProxy proxy =
                new BareProxy(
                        ports.subList(1, ports.size()).stream()
                                .map(port -> HttpClient.create().host("127.0.0.1").port(port))
                                .toList());
        HttpServer.create()
                .host("127.0.0.1")
                .port(ports.getFirst())
                .handle(proxy::handle)
                .bindNow()
                .onDispose()
                .block();
    }

    private Publisher<Void> handle(HttpServerRequest request, HttpServerResponse response) {
        HttpClient unit = units.get(Math.floorMod(next.getAndIncrement(), units.size()));
        return unit.headers(headers ->
                        headers.add(request.requestHeaders()).remove(HttpHeaderNames.HOST))
                .request(request.method())
                .uri(request.uri().substring(request.uri().indexOf('/', 1)))
                .send(request.receive().retain())
                .response((answer, body) -> {
                    response.status(answer.status()).headers(answer.responseHeaders());
                    return response.send(body.retain());
                });
    }
}
