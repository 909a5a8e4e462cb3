package dev.lepton.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.lepton.client.unit.UnitId;
import dev.lepton.client.unit.UnitState;
import dev.lepton.gateway.routing.RoutingTables;
import dev.lepton.gateway.routing.TrackedUnit;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.channel.epoll.Epoll;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;

/** What of a request and of its response passes, and what does not. */
@ExtendWith(LeakCheck.class)
class ForwardingIT {

    private static RunningGateway gateway;
    private static StubUnit elsewhere;

    private final List<AutoCloseable> closed = new ArrayList<>();

    @BeforeAll
    static void start(@TempDir Path home) {
        elsewhere =
                StubUnit.start("elsewhere", (request, reply) -> reply.send(200, request.target()));
        gateway =
                RunningGateway.start(
                        home,
                        "--spring.profiles.active=routes",
                        "--elsewhere.port=" + elsewhere.port());
    }

    @AfterAll
    static void stop() {
        gateway.close();
        elsewhere.close();
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable each : closed) {
            each.close();
        }
    }

    private StubUnit up(String service, StubUnit.Behaviour behaviour) {
        StubUnit stub = StubUnit.start(service + "-1", behaviour);
        closed.add(stub);
        gateway.up(service, stub);
        return stub;
    }

    private static final StubUnit.Behaviour OK = (request, reply) -> reply.send(200, "ok");

    @Test
    @EnabledOnOs(OS.LINUX)
    void epollCarriesTheTrafficOnLinux() {
        assertThat(Epoll.isAvailable()).isTrue();
        assertThat(Thread.getAllStackTraces().keySet())
                .anyMatch(thread -> thread.getName().contains("epoll"));
    }

    @ParameterizedTest
    @CsvSource({
        "/raw/a?f[x]=1&q=%27, /a?f[x]=1&q=%27",
        "/raw/a%20b/%E2%82%AC?x=%2Fy&z=a+b, /a%20b/%E2%82%AC?x=%2Fy&z=a+b",
        "/raw/a%3Fb, /a%3Fb",
        "/raw, /",
        "/raw?q, /?q",
        "/raw/?, /?",
        "/raw/a/b/, /a/b/",
    })
    void pathAndQueryPassByteForByte(String sent, String received) {
        StubUnit unit = up("raw", OK);

        String answer =
                RawClient.exchange(
                        gateway.port(),
                        "GET " + sent + " HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");

        assertThat(answer).startsWith("HTTP/1.1 200 ");
        assertThat(unit.requests().getLast().target()).isEqualTo(received);
    }

    @Test
    void headersOfOneHopAndOfThePlatformDoNotPass() {
        StubUnit unit =
                up(
                        "headers",
                        (request, reply) ->
                                reply.send(
                                        200,
                                        "ok",
                                        "Keep-Alive: timeout=5",
                                        "X-Named: 1",
                                        "Connection: X-Named",
                                        "Lepton-Unit: impostor",
                                        "X-Own: a",
                                        "X-Own: b",
                                        "Set-Cookie: c=1",
                                        "Set-Cookie: d=2"));

        String answer =
                RawClient.exchange(
                        gateway.port(),
                        """
                        GET /headers/x HTTP/1.1
                        Host: shop.example
                        Connection: close, X-Secret
                        X-Secret: 1
                        Keep-Alive: 5
                        TE: trailers
                        Proxy-Authorization: Basic x
                        Upgrade: h2c
                        Lepton-Unit: other
                        lepton-attempts: 7
                        X-Forwarded-For: 6.6.6.6
                        X-Forwarded-Proto: https
                        Forwarded: for=6.6.6.6
                        Authorization: Bearer of-the-user
                        X-Two: a
                        X-Two: b

                        """
                                .replace("\n", "\r\n"));

        StubUnit.Request received = unit.requests().getLast();
        assertThat(received.headers())
                .doesNotContainKeys(
                        "x-secret",
                        "keep-alive",
                        "te",
                        "proxy-authorization",
                        "upgrade",
                        "forwarded",
                        "lepton-attempts",
                        "transfer-encoding",
                        "content-length",
                        "user-agent");
        assertThat(received.header("lepton-unit")).containsExactly("headers-1");
        assertThat(received.header("x-forwarded-for")).containsExactly("127.0.0.1");
        assertThat(received.header("x-forwarded-proto")).containsExactly("http");
        assertThat(received.header("x-forwarded-host")).containsExactly("shop.example");
        assertThat(received.header("host")).containsExactly("127.0.0.1:" + unit.port());
        assertThat(received.header("authorization")).containsExactly("Bearer of-the-user");
        assertThat(received.header("x-two")).containsExactly("a", "b");
        assertThat(answer.toLowerCase(java.util.Locale.ROOT))
                .contains("lepton-unit: headers-1\r\n", "x-own: a\r\n", "x-own: b\r\n")
                .contains("set-cookie: c=1\r\n", "set-cookie: d=2\r\n")
                .doesNotContain("keep-alive: timeout", "x-named", "impostor");
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PUT", "PATCH", "OPTIONS", "DELETE", "GET"})
    void requestWithoutABodyStaysWithoutABody(String method) {
        StubUnit unit = up("bodyless", OK);

        HttpResponse<String> answer =
                gateway.send(
                        gateway.request("/bodyless/x")
                                .method(method, HttpRequest.BodyPublishers.noBody()));

        assertThat(answer.statusCode()).isEqualTo(200);
        StubUnit.Request received = unit.requests().getLast();
        assertThat(received.method()).isEqualTo(method);
        assertThat(received.headers()).doesNotContainKey("transfer-encoding");
        assertThat(received.body()).isEmpty();
    }

    @Test
    void headHasTheLengthAndNoBody() {
        up(
                "head",
                (request, reply) -> reply.raw("HTTP/1.1 200 OK\r\nContent-Length: 1234\r\n\r\n"));

        HttpResponse<String> answer =
                gateway.send(
                        gateway.request("/head/x")
                                .method("HEAD", HttpRequest.BodyPublishers.noBody()));

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Length")).contains("1234");
        assertThat(answer.body()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 65_536, 65_537, 3_000_000})
    void bodiesOfAnySizePassWithTheirLengthOrInChunks(int size) {
        StubUnit unit = up("bodies", (request, reply) -> reply.send(200, request.text()));
        String body = "0123456789".repeat(size / 10 + 1).substring(0, size);

        HttpResponse<String> withLength = gateway.post("/bodies/x", body);
        HttpResponse<String> inChunks =
                gateway.send(
                        gateway.request("/bodies/x")
                                .POST(
                                        HttpRequest.BodyPublishers.ofInputStream(
                                                () -> new ByteArrayInputStream(body.getBytes()))));

        assertThat(withLength.body()).isEqualTo(body);
        assertThat(inChunks.body()).isEqualTo(body);
        assertThat(unit.requests().getFirst().header("content-length"))
                .containsExactly(Integer.toString(size));
        assertThat(unit.requests().getLast().header("transfer-encoding"))
                .containsExactly("chunked");
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "DELETE", "GET"})
    void unitSeesTheFirstBytesOfABodyBeforeTheClientHasSentTheLast(String method) throws Exception {
        StubUnit unit =
                up(
                        "streams",
                        (request, reply) ->
                                reply.send(200, Integer.toString(request.body().length)));
        CountDownLatch seen = new CountDownLatch(1);
        byte[] half = new byte[1_500_000];
        CompletableFuture<HttpResponse<String>> answer =
                gateway.http()
                        .sendAsync(
                                gateway.request("/streams/x")
                                        .method(
                                                method,
                                                HttpRequest.BodyPublishers.ofInputStream(
                                                        () -> inTwoParts(half, seen)))
                                        .build(),
                                HttpResponse.BodyHandlers.ofString());

        await().atMost(Duration.ofSeconds(5)).until(() -> unit.bodyBytesSeen() > 0);
        seen.countDown();

        assertThat(answer.get(10, TimeUnit.SECONDS).body()).isEqualTo("3000000");
        assertThat(unit.requests().getFirst().header("transfer-encoding"))
                .containsExactly("chunked");
    }

    private static InputStream inTwoParts(byte[] half, CountDownLatch between) {
        InputStream second =
                new ByteArrayInputStream(half) {
                    @Override
                    public synchronized int read(byte[] into, int from, int length) {
                        awaitLatch(between);
                        return super.read(into, from, length);
                    }
                };
        return new SequenceInputStream(new ByteArrayInputStream(half), second);
    }

    @Test
    void unusualStatusAndChunkedResponsePass() {
        up(
                "unusual",
                (request, reply) ->
                        reply.raw(
                                "HTTP/1.1 299 Odd\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n"));

        HttpResponse<String> answer = gateway.get("/unusual/x");

        assertThat(answer.statusCode()).isEqualTo(299);
        assertThat(answer.body()).isEqualTo("abc");
    }

    @Test
    void responseWithALengthThatBreaksOffIsSeenBroken() {
        up(
                "broken-length",
                (request, reply) -> {
                    reply.raw("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\nhalf");
                    await().until(() -> answered("broken-length") == 1);
                    reply.reset();
                });

        String answer = get("/broken-length/x");

        assertThat(answer.toLowerCase(java.util.Locale.ROOT))
                .startsWith("http/1.1 200 ")
                .contains("content-length: 100000\r\n");
        assertThat(bodyOf(answer).length()).isLessThan(100_000);
    }

    /**
     * Its client has got nothing of it, so that an order that is sent twice would be done twice.
     */
    @Test
    void shortResponseToAPostThatBreaksOffIsA502OfTheGateway() {
        StubUnit unit =
                up(
                        "broken-short",
                        (request, reply) -> {
                            reply.raw("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf");
                            reply.reset();
                        });

        HttpResponse<String> answer = gateway.post("/broken-short/x", "an order");

        assertThat(answer.statusCode()).isEqualTo(502);
        assertThat(answer.body()).contains("\"code\":\"sent-and-failed\"");
        assertThat(answer.headers().map()).doesNotContainKey("lepton-unit");
        for (int i = 0; i < 4; i++) {
            assertThat(gateway.post("/broken-short/x", "an order").statusCode()).isEqualTo(502);
        }
        assertThat(gateway.tracked(unit).breaker().closed()).isFalse();
        assertThat(unit.requests()).hasSize(5);
    }

    @Test
    void shortResponseThatComesInPartsIsWhole() {
        up(
                "parts",
                (request, reply) -> {
                    reply.raw("HTTP/1.1 200 OK\r\nContent-Length: 12\r\n\r\n");
                    reply.raw("first ");
                    reply.raw("se");
                    reply.raw("cond");
                });

        assertThat(gateway.get("/parts/x").body()).isEqualTo("first second");
        assertThat(gateway.get("/parts/x").body()).isEqualTo("first second");
    }

    @Test
    void responseThatBreaksOffBeforeItsFirstByteIsA502OfTheGateway() {
        AtomicInteger heads = new AtomicInteger();
        StubUnit unit =
                up(
                        "broken-head",
                        (request, reply) -> {
                            reply.raw(
                                    "HTTP/1.1 200 OK\r\nContent-Length: 100000\r\nX-Of-Unit: 1\r\n\r\n");
                            int head = heads.incrementAndGet();
                            await().until(() -> answered("broken-head") == head);
                            reply.reset();
                        });

        HttpResponse<String> answer = gateway.get("/broken-head/x");

        assertThat(answer.statusCode()).isEqualTo(502);
        assertThat(answer.body()).contains("\"code\":\"response-broken\"");
        assertThat(answer.headers().map()).doesNotContainKeys("x-of-unit", "lepton-unit");
        for (int i = 0; i < 4; i++) {
            assertThat(gateway.get("/broken-head/x").statusCode()).isEqualTo(502);
        }
        assertThat(gateway.tracked(unit).breaker().closed()).isFalse();
    }

    @Test
    void chunkedResponseThatBreaksOffIsSeenBroken() throws Exception {
        CountDownLatch seen = new CountDownLatch(1);
        up(
                "broken-chunks",
                (request, reply) -> {
                    reply.raw(
                            "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n");
                    awaitLatch(seen);
                    reply.reset();
                });
        CompletableFuture<String> answer =
                CompletableFuture.supplyAsync(() -> get("/broken-chunks/x"));
        await().ignoreExceptions().until(() -> answered("broken-chunks") == 1);
        seen.countDown();

        String whole = answer.get(10, TimeUnit.SECONDS);

        assertThat(whole).startsWith("HTTP/1.1 200 ").doesNotEndWith("0\r\n\r\n");
    }

    private static double answered(String service) {
        return gateway.bean(MeterRegistry.class)
                .get("lepton.gateway.requests")
                .tags("service", service, "outcome", "answered")
                .counter()
                .count();
    }

    private static void awaitLatch(CountDownLatch latch) {
        try {
            assertThat(latch.await(5, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static String get(String path) {
        return RawClient.exchange(
                gateway.port(),
                "GET " + path + " HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
    }

    private static String bodyOf(String answer) {
        int end = answer.indexOf("\r\n\r\n");
        return end < 0 ? "" : answer.substring(end + 4);
    }

    @Test
    void routeFromYamlWithFiltersReachesAUnit() {
        StubUnit unit = up("yaml", OK);

        HttpResponse<String> answer =
                gateway.get("/shop/items?q=%27&f[x]=1".replace("[", "%5B").replace("]", "%5D"));

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("X-To-Client")).contains("yes");
        assertThat(answer.headers().firstValue("Lepton-Unit")).contains("yaml-1");
        assertThat(unit.requests().getLast().target()).isEqualTo("/api/items?q=%27&f%5Bx%5D=1");
        assertThat(unit.requests().getLast().header("x-from-route")).containsExactly("yes");
    }

    @Test
    void routeByHostToALoadBalancedUriReachesAUnit() {
        StubUnit unit = up("yaml", OK);

        String answer =
                RawClient.exchange(
                        gateway.port(),
                        "GET /some/path?x=%2F HTTP/1.1\r\nHost: by-host.example\r\nConnection: close\r\n\r\n");

        assertThat(answer).startsWith("HTTP/1.1 200 ");
        assertThat(unit.requests().getLast().target()).isEqualTo("/some/path?x=%2F");
    }

    @Test
    void routeToAServiceWhoseNameIsNoHostNameReachesAUnit() {
        up("under_score", OK);

        HttpResponse<String> answer =
                gateway.send(gateway.request("/any").header("X-Underscore", "1").GET());

        assertThat(answer.headers().firstValue("Lepton-Unit")).contains("under_score-1");
    }

    @Test
    void requestThatARoutesFilterSendsTwiceLeavesNothingBehind() {
        StubUnit unit = up("retried", (request, reply) -> reply.send(500, "not yet"));
        ListAppender<ILoggingEvent> log = logged();

        HttpResponse<String> answer =
                gateway.send(
                        gateway.request("/retried/x")
                                .PUT(HttpRequest.BodyPublishers.ofString("body")));

        assertThat(answer.statusCode()).isEqualTo(500);
        assertThat(unit.requests()).hasSize(2).allMatch(r -> r.text().equals("body"));
        await().atMost(Duration.ofSeconds(5)).until(() -> inFlight("retried-1") == 0);
        assertThat(LeakCheck.leaks()).isEmpty();
        assertThat(List.copyOf(log.list)).noneMatch(event -> event.getLevel() == Level.ERROR);
    }

    /** What is logged until the end of the test. */
    private ListAppender<ILoggingEvent> logged() {
        Logger root = (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        log.list = new CopyOnWriteArrayList<>();
        log.start();
        root.addAppender(log);
        closed.add(() -> root.detachAppender(log));
        return log;
    }

    @Test
    void routeToAnAddressIsLeftToSpringCloudGateway() {
        HttpResponse<String> answer = gateway.get("/elsewhere/x");

        assertThat(answer.body()).isEqualTo("/elsewhere/x");
        assertThat(answer.headers().firstValue("Lepton-Unit")).isEmpty();
    }

    /** Which the gateway itself keeps, for routes to units. */
    @Test
    void queryAsTheClientSentItDoesNotGoToAnAddress() {
        assertThat(get("/elsewhere/x?a=[b]")).endsWith("/elsewhere/x?a=%5Bb%5D");

        assertThat(elsewhere.heads().getLast().toLowerCase(java.util.Locale.ROOT))
                .contains("/elsewhere/x?a=%5bb%5d")
                .doesNotContain("lepton-raw-query");
    }

    @Test
    void rootWithoutAServiceIsA404() {
        up("any", OK);

        assertThat(gateway.get("/").statusCode()).isEqualTo(404);
    }

    @Test
    void webSocketReachesAUnit() throws Exception {
        AtomicReference<String> named = new AtomicReference<>();
        AtomicReference<String> smuggled = new AtomicReference<>();
        DisposableServer echo =
                HttpServer.create()
                        .host("127.0.0.1")
                        .port(0)
                        .route(routes ->
                                routes.ws(
                                        "/ws",
                                        (in, out) -> {
                                            named.set(in.headers().get("Lepton-Unit"));
                                            smuggled.set(in.headers().get("Lepton-Spy"));
                                            return out.sendString(
                                                    in.receive().asString().map(s -> "echo " + s));
                                        }))
                        .bindNow();
        closed.add(echo::disposeNow);
        gateway.put(StubUnit.view("socket-1", "socket", echo.port(), UnitState.UP, 1));
        gateway.push();
        CompletableFuture<String> answer = new CompletableFuture<>();

        WebSocket socket =
                gateway.http()
                        .newWebSocketBuilder()
                        .header("Lepton-Spy", "1")
                        .connectTimeout(Duration.ofSeconds(5))
                        .buildAsync(
                                URI.create("ws://127.0.0.1:" + gateway.port() + "/socket/ws?a=1"),
                                new WebSocket.Listener() {
                                    @Override
                                    public CompletionStage<?> onText(
                                            WebSocket socket, CharSequence data, boolean last) {
                                        answer.complete(data.toString());
                                        return null;
                                    }
                                })
                        .get(5, TimeUnit.SECONDS);
        socket.sendText("hello", true);

        assertThat(answer.get(5, TimeUnit.SECONDS)).isEqualTo("echo hello");
        assertThat(named.get()).isEqualTo("socket-1");
        assertThat(smuggled.get()).isNull();
        assertThat(inFlight("socket-1")).isEqualTo(1);
        socket.sendClose(WebSocket.NORMAL_CLOSURE, "").get(5, TimeUnit.SECONDS);
        await().atMost(Duration.ofSeconds(5)).until(() -> inFlight("socket-1") == 0);
    }

    private static int inFlight(String unit) {
        TrackedUnit tracked =
                gateway.bean(RoutingTables.class).current().tracked().get(new UnitId(unit));
        return tracked == null ? -1 : tracked.inFlight();
    }

    @Test
    void webSocketToAServiceWithoutUnitsIsA503() {
        gateway.state("socket-down", StubUnit.refusing("sd-1"), UnitState.DOWN);

        String answer =
                RawClient.exchange(
                        gateway.port(),
                        """
                        GET /socket-down/ws HTTP/1.1
                        Host: h
                        Connection: Upgrade, close
                        Upgrade: websocket
                        Sec-WebSocket-Version: 13
                        Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==

                        """
                                .replace("\n", "\r\n"));

        assertThat(answer).startsWith("HTTP/1.1 503 ");
    }
}
