package dev.lepton.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lepton.client.unit.UnitState;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.netty.DisposableServer;
import reactor.netty.NettyOutbound;
import reactor.netty.http.HttpProtocol;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;
import reactor.netty.resources.ConnectionProvider;

/** Calls as gRPC makes them: HTTP/2 on both sides, and a status in the trailers. */
@ExtendWith(LeakCheck.class)
class GrpcIT {

    private static final Duration SOON = Duration.ofSeconds(20);
    private static final int PREFIX = 5;

    private static final BlockingQueue<HttpHeaders> heads = new LinkedBlockingQueue<>();
    private static final AtomicReference<Sinks.Many<String>> stream = new AtomicReference<>();

    private static RunningGateway gateway;
    private static DisposableServer unit;
    private static ConnectionProvider connections;
    private static HttpClient client;

    @BeforeAll
    static void start(@TempDir Path home) {
        unit =
                HttpServer.create()
                        .host("127.0.0.1")
                        .port(0)
                        .protocol(HttpProtocol.H2C)
                        .route(routes ->
                                routes.post("/demo.Greeter/Hello", GrpcIT::hello)
                                        .post("/demo.Greeter/Stream", GrpcIT::stream)
                                        .post("/demo.Greeter/Collect", GrpcIT::collect)
                                        .post("/demo.Greeter/Chat", GrpcIT::chat)
                                        .post("/demo.Greeter/Missing", GrpcIT::missing))
                        .bindNow();
        gateway =
                RunningGateway.start(
                        home,
                        "--server.http2.enabled=true",
                        "--lepton.gateway.services.greeter.protocol=http2",
                        "--spring.cloud.gateway.server.webflux.routes[0].id=greeter",
                        "--spring.cloud.gateway.server.webflux.routes[0].uri=unit://greeter",
                        "--spring.cloud.gateway.server.webflux.routes[0].predicates[0]=Path=/demo.Greeter/**");
        gateway.put(StubUnit.view("greeter-1", "greeter", unit.port(), UnitState.UP, 1));
        gateway.push();
        connections = ConnectionProvider.create("grpc-clients", 10);
        client =
                HttpClient.create(connections)
                        .protocol(HttpProtocol.H2C)
                        .host("127.0.0.1")
                        .port(gateway.port())
                        .headers(headers ->
                                headers.set("content-type", "application/grpc")
                                        .set("te", "trailers"));
    }

    @AfterAll
    static void stop() {
        connections.disposeLater().block(SOON);
        gateway.close();
        unit.disposeNow();
    }

    @BeforeEach
    void forget() {
        heads.clear();
    }

    private static Publisher<Void> hello(HttpServerRequest request, HttpServerResponse response) {
        heads.add(new DefaultHttpHeaders().set(request.requestHeaders()));
        return request.receive()
                .aggregate()
                .map(GrpcIT::text)
                .flatMap(name -> ok(response, Flux.just("hello " + name)).then());
    }

    /** Sends what the test says, when it says so. */
    private static Publisher<Void> stream(HttpServerRequest request, HttpServerResponse response) {
        Sinks.Many<String> messages = Sinks.many().unicast().onBackpressureBuffer();
        stream.set(messages);
        return request.receive().aggregate().then(ok(response, messages.asFlux()).then());
    }

    private static Publisher<Void> collect(HttpServerRequest request, HttpServerResponse response) {
        return request.receive()
                .asByteArray()
                .map(bytes -> bytes.length)
                .reduce(0, Integer::sum)
                .flatMap(length -> ok(response, Flux.just(Integer.toString(length))).then());
    }

    /** Answers each message while more may come. */
    private static Publisher<Void> chat(HttpServerRequest request, HttpServerResponse response) {
        return ok(response, request.receive().map(message -> "you said " + text(message)));
    }

    /** All in the head, as servers do that have nothing else to say. */
    private static Publisher<Void> missing(HttpServerRequest request, HttpServerResponse response) {
        return request.receive()
                .aggregate()
                .then(
                        response.header("content-type", "application/grpc")
                                .header("grpc-status", "5")
                                .header("grpc-message", "nobody")
                                .send()
                                .then());
    }

    private static NettyOutbound ok(HttpServerResponse response, Flux<String> messages) {
        return response.header("content-type", "application/grpc")
                .trailerHeaders(trailers -> trailers.set("grpc-status", "0").set("x-cost", "cheap"))
                .send(messages.map(GrpcIT::message), each -> true);
    }

    private static ByteBuf message(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return Unpooled.buffer().writeByte(0).writeInt(bytes.length).writeBytes(bytes);
    }

    /** Of one message, with its prefix. */
    private static String text(ByteBuf message) {
        return message.toString(
                message.readerIndex() + PREFIX,
                message.readableBytes() - PREFIX,
                StandardCharsets.UTF_8);
    }

    /**
     * @param messages as they came
     */
    private record Call(
            int status, HttpHeaders head, List<String> messages, @Nullable HttpHeaders trailers) {

        String trailer(String name) {
            return trailers == null ? "" : String.valueOf(trailers.get(name));
        }
    }

    private static Call call(String method, Publisher<ByteBuf> messages) {
        return client.post()
                .uri("/demo.Greeter/" + method)
                .send(messages)
                .response((response, body) -> {
                    List<String> received = new ArrayList<>();
                    return body.map(GrpcIT::text)
                            .doOnNext(received::add)
                            .then(response.trailerHeaders())
                            .map(trailers ->
                                    new Call(
                                            response.status().code(),
                                            response.responseHeaders(),
                                            received,
                                            trailers))
                            .defaultIfEmpty(
                                    new Call(
                                            response.status().code(),
                                            response.responseHeaders(),
                                            received,
                                            null));
                })
                .blockFirst(SOON);
    }

    @Test
    void callIsAnsweredWithAStatusInTheTrailers() throws Exception {
        Call call = call("Hello", Mono.fromSupplier(() -> message("you")));

        assertThat(call.status()).isEqualTo(200);
        assertThat(call.messages()).containsExactly("hello you");
        assertThat(call.trailer("grpc-status")).isEqualTo("0");
        assertThat(call.trailer("x-cost")).isEqualTo("cheap");
        assertThat(call.head().get("lepton-unit")).isEqualTo("greeter-1");
        HttpHeaders seen = heads.poll(20, TimeUnit.SECONDS);
        assertThat(seen).isNotNull();
        assertThat(seen.get("te")).isEqualTo("trailers");
        assertThat(seen.get("content-type")).isEqualTo("application/grpc");
        assertThat(seen.get("lepton-unit")).isEqualTo("greeter-1");
        assertNothingInFlight();
    }

    @Test
    void manyCallsShareAConnectionToTheUnit() {
        List<String> answers =
                Flux.range(0, 50)
                        .flatMap(
                                i ->
                                        client.post()
                                                .uri("/demo.Greeter/Hello")
                                                .send(Mono.fromSupplier(() -> message("" + i)))
                                                .response(
                                                        (response, body) -> body.map(GrpcIT::text)),
                                20)
                        .collectList()
                        .block(SOON);

        assertThat(answers).hasSize(50).contains("hello 0", "hello 49");
        assertNothingInFlight();
    }

    @Test
    void streamOfTheUnitArrivesMessageByMessage() throws Exception {
        stream.set(null);
        BlockingQueue<String> received = new LinkedBlockingQueue<>();
        Mono<HttpHeaders> call =
                client.post()
                        .uri("/demo.Greeter/Stream")
                        .send(Mono.fromSupplier(() -> message("go")))
                        .response((response, body) ->
                                body.map(GrpcIT::text)
                                        .doOnNext(received::add)
                                        .then(response.trailerHeaders()))
                        .next();
        var trailers = call.toFuture();
        await().atMost(SOON).until(() -> stream.get() != null);

        for (String text : List.of("one", "two", "three")) {
            stream.get().tryEmitNext(text).orThrow();
            assertThat(received.poll(20, TimeUnit.SECONDS)).isEqualTo(text);
        }
        stream.get().tryEmitComplete().orThrow();

        assertThat(trailers.get(20, TimeUnit.SECONDS).get("grpc-status")).isEqualTo("0");
        assertNothingInFlight();
    }

    @Test
    void streamOfTheClientReachesTheUnit() {
        Call call = call("Collect", Flux.range(0, 100).map(i -> message("0123456789")));

        assertThat(call.messages()).containsExactly(Integer.toString(100 * (10 + PREFIX)));
        assertThat(call.trailer("grpc-status")).isEqualTo("0");
    }

    @Test
    void bothStreamsGoOnAtTheSameTime() throws Exception {
        Sinks.Many<String> said = Sinks.many().unicast().onBackpressureBuffer();
        BlockingQueue<String> received = new LinkedBlockingQueue<>();
        var trailers =
                client.post()
                        .uri("/demo.Greeter/Chat")
                        .send((request, out) ->
                                out.send(said.asFlux().map(GrpcIT::message), each -> true))
                        .response((response, body) ->
                                body.map(GrpcIT::text)
                                        .doOnNext(received::add)
                                        .then(response.trailerHeaders()))
                        .next()
                        .toFuture();

        for (String text : List.of("one", "two", "three")) {
            said.tryEmitNext(text).orThrow();
            assertThat(received.poll(20, TimeUnit.SECONDS)).isEqualTo("you said " + text);
        }
        said.tryEmitComplete().orThrow();

        assertThat(trailers.get(20, TimeUnit.SECONDS).get("grpc-status")).isEqualTo("0");
        assertNothingInFlight();
    }

    @Test
    void statusInTheHeadIsInTheTrailersAsWell() {
        Call call = call("Missing", Mono.fromSupplier(() -> message("who")));

        assertThat(call.messages()).isEmpty();
        assertThat(call.trailer("grpc-status")).isEqualTo("5");
        assertThat(call.trailer("grpc-message")).isEqualTo("nobody");
    }

    @Test
    void serviceWithoutUnitsIsAStatusThatClientsTakeForUnavailable() {
        gateway.state("away", StubUnit.refusing("away-1"), UnitState.DOWN);

        Integer status =
                client.post()
                        .uri("/away/demo.Greeter/Hello")
                        .send(Mono.fromSupplier(() -> message("you")))
                        .response()
                        .map(response -> response.status().code())
                        .block(SOON);

        assertThat(status).isEqualTo(503);
    }

    private static void assertNothingInFlight() {
        await().atMost(SOON)
                .until(() -> gateway.actuator("/lepton").body().contains("\"inFlight\":0"));
    }
}
