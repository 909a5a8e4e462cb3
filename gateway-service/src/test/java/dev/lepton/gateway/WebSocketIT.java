package dev.lepton.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lepton.client.unit.UnitState;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import java.net.URI;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.WebsocketServerSpec;
import reactor.netty.http.websocket.WebsocketInbound;
import reactor.netty.http.websocket.WebsocketOutbound;

/** What passes through a web socket, both ways and to its end. */
@ExtendWith(LeakCheck.class)
class WebSocketIT {

    private static final Duration SOON = Duration.ofSeconds(20);
    private static final WebsocketServerSpec V1 =
            WebsocketServerSpec.builder().protocols("v1.chat").build();

    private static RunningGateway gateway;
    private static DisposableServer unit;

    private static final BlockingQueue<HttpHeaders> opened = new LinkedBlockingQueue<>();
    private static final AtomicInteger open = new AtomicInteger();
    private static final BlockingQueue<String> targets = new LinkedBlockingQueue<>();

    @BeforeAll
    static void start(@TempDir Path home) {
        unit =
                HttpServer.create()
                        .host("127.0.0.1")
                        .port(0)
                        .route(routes ->
                                routes.ws("/v1/chat", WebSocketIT::serve, V1)
                                        .ws(
                                                request -> targets.add(request.uri()),
                                                WebSocketIT::serve,
                                                WebsocketServerSpec.builder().build()))
                        .bindNow();
        gateway =
                RunningGateway.start(
                        home,
                        "--spring.cloud.gateway.server.webflux.routes[0].id=prefixed",
                        "--spring.cloud.gateway.server.webflux.routes[0].uri=lb:ws://socket",
                        "--spring.cloud.gateway.server.webflux.routes[0].predicates[0]=Path=/prefixed/**",
                        "--spring.cloud.gateway.server.webflux.routes[1].id=address",
                        "--spring.cloud.gateway.server.webflux.routes[1].uri=ws://127.0.0.1:"
                                + unit.port(),
                        "--spring.cloud.gateway.server.webflux.routes[1].predicates[0]=Path=/address/**",
                        "--spring.cloud.gateway.server.webflux.routes[1].filters[0]=StripPrefix=1",
                        "--spring.cloud.gateway.server.webflux.routes[2].id=filtered",
                        "--spring.cloud.gateway.server.webflux.routes[2].uri=unit://socket",
                        "--spring.cloud.gateway.server.webflux.routes[2].predicates[0]=Path=/filtered/**",
                        "--spring.cloud.gateway.server.webflux.routes[2].filters[0]=SetPath=/chat",
                        "--spring.cloud.gateway.server.webflux.routes[2].filters[1]=AddRequestHeader=X-Room, one");
        gateway.put(StubUnit.view("socket-1", "socket", unit.port(), UnitState.UP, 1));
        gateway.push();
    }

    /** Sends back what comes; "end" and a status ends the socket with that. */
    private static Publisher<Void> serve(WebsocketInbound in, WebsocketOutbound out) {
        opened.add(in.headers());
        open.incrementAndGet();
        in.receiveCloseStatus().doFinally(signal -> open.decrementAndGet()).subscribe();
        return in.receiveFrames()
                .concatMap(frame -> {
                    if (frame instanceof TextWebSocketFrame text) {
                        String said = text.text();
                        return said.startsWith("end ")
                                ? out.sendClose(Integer.parseInt(said.substring(4)), "as told")
                                : out.sendString(Mono.just(said));
                    }
                    return out.sendObject(
                            new BinaryWebSocketFrame(Unpooled.copiedBuffer(frame.content())));
                });
    }

    @AfterAll
    static void stop() {
        gateway.close();
        unit.disposeNow();
    }

    @BeforeEach
    void forget() {
        opened.clear();
        targets.clear();
    }

    /** What a client is told, in the order that it is. */
    private static final class Heard implements WebSocket.Listener {

        private final BlockingQueue<String> all = new LinkedBlockingQueue<>();
        private final StringBuilder text = new StringBuilder();

        @Override
        public @Nullable CompletionStage<?> onText(
                WebSocket socket, CharSequence data, boolean last) {
            text.append(data);
            if (last) {
                all.add(text.toString());
                text.setLength(0);
            }
            socket.request(1);
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onBinary(
                WebSocket socket, ByteBuffer data, boolean last) {
            byte[] bytes = new byte[data.remaining()];
            data.get(bytes);
            all.add("binary " + HexFormat.of().formatHex(bytes));
            socket.request(1);
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onClose(WebSocket socket, int status, String reason) {
            all.add("closed %d %s".formatted(status, reason));
            return null;
        }

        @Override
        public void onError(WebSocket socket, Throwable error) {
            all.add("broken");
        }

        @Nullable String next() throws InterruptedException {
            return all.poll(20, TimeUnit.SECONDS);
        }
    }

    private static WebSocket open(String path, Heard heard, String... headers) throws Exception {
        WebSocket.Builder builder = gateway.http().newWebSocketBuilder();
        for (int i = 0; i < headers.length; i += 2) {
            builder.header(headers[i], headers[i + 1]);
        }
        return opened(builder, path, heard);
    }

    private static WebSocket opened(WebSocket.Builder builder, String path, Heard heard)
            throws Exception {
        CompletableFuture<WebSocket> socket =
                builder.buildAsync(URI.create("ws://127.0.0.1:" + gateway.port() + path), heard);
        return socket.get(20, TimeUnit.SECONDS);
    }

    @ParameterizedTest
    @CsvSource({
        "/socket/chat?a=%2F&b, /chat?a=%2F&b",
        "/prefixed/chat, /prefixed/chat",
        "/address/chat, /chat",
        "/filtered/anything, /chat",
    })
    void socketOpensByAnyRoute(String path, String target) throws Exception {
        Heard heard = new Heard();
        WebSocket socket = open(path, heard);

        socket.sendText("hello", true);

        assertThat(heard.next()).isEqualTo("hello");
        assertThat(targets.poll()).isEqualTo(target);
        socket.sendClose(WebSocket.NORMAL_CLOSURE, "").get(20, TimeUnit.SECONDS);
        assertThat(heard.next()).startsWith("closed 1000");
    }

    @Test
    void textAndBinaryMessagesPassInOrderWholeOrInParts() throws Exception {
        Heard heard = new Heard();
        WebSocket socket = open("/socket/chat", heard);
        String large = "0123456789".repeat(6000);

        socket.sendText("grüße", true).get(20, TimeUnit.SECONDS);
        assertThat(heard.next()).isEqualTo("grüße");
        socket.sendBinary(ByteBuffer.wrap(new byte[] {0, 1, (byte) 0xff}), true)
                .get(20, TimeUnit.SECONDS);
        socket.sendText("in ", false).get(20, TimeUnit.SECONDS);
        socket.sendText("parts", true).get(20, TimeUnit.SECONDS);
        socket.sendText(large, true).get(20, TimeUnit.SECONDS);

        assertThat(heard.next()).isEqualTo("binary 0001ff");
        assertThat(heard.next()).isEqualTo("in parts");
        assertThat(heard.next()).isEqualTo(large);
        socket.sendClose(WebSocket.NORMAL_CLOSURE, "").get(20, TimeUnit.SECONDS);
        assertThat(heard.next()).startsWith("closed 1000");
    }

    @Test
    void unitIsToldWhenTheClientCloses() throws Exception {
        Heard heard = new Heard();
        // For the client the socket is open before it is one to the unit.
        WebSocket socket = open("/socket/chat", heard);
        socket.sendText("hello", true);
        assertThat(heard.next()).isEqualTo("hello");

        socket.sendClose(4001, "bye").get(20, TimeUnit.SECONDS);

        await().atMost(SOON).until(() -> open.get() == 0);
        assertNothingInFlight();
    }

    @ParameterizedTest
    @ValueSource(ints = {1000, 1001, 1003, 1008, 1011, 3000, 4999})
    void clientIsToldWithWhichStatusTheUnitCloses(int status) throws Exception {
        Heard heard = new Heard();
        WebSocket socket = open("/socket/chat", heard);

        socket.sendText("end " + status, true);

        assertThat(heard.next()).isEqualTo("closed %d as told".formatted(status));
        assertNothingInFlight();
    }

    @Test
    void unitIsToldWhenTheClientIsGone() throws Exception {
        Heard heard = new Heard();
        WebSocket socket = open("/socket/chat", heard);
        socket.sendText("hello", true);
        assertThat(heard.next()).isEqualTo("hello");

        socket.abort();

        await().atMost(SOON).until(() -> open.get() == 0);
        assertNothingInFlight();
    }

    private static void assertNothingInFlight() {
        await().atMost(SOON)
                .until(() -> gateway.actuator("/lepton").body().contains("\"inFlight\":0"));
    }

    @Test
    void protocolIsAgreedWithTheUnit() throws Exception {
        Heard heard = new Heard();

        WebSocket socket =
                opened(
                        gateway.http().newWebSocketBuilder().subprotocols("v1.chat"),
                        "/socket/v1/chat",
                        heard);

        assertThat(socket.getSubprotocol()).isEqualTo("v1.chat");
        socket.sendText("hello", true);
        assertThat(heard.next()).isEqualTo("hello");
        assertThat(opened.take().get("Sec-WebSocket-Protocol")).isEqualTo("v1.chat");
        socket.abort();
    }

    @Test
    void headersPassAsThoseOfARequestDo() throws Exception {
        Heard heard = new Heard();
        WebSocket socket =
                open(
                        "/filtered/x",
                        heard,
                        "X-Forwarded-For",
                        "6.6.6.6",
                        "X-Forwarded-Host",
                        "evil.example",
                        "Forwarded",
                        "for=6.6.6.6",
                        "X-Real-IP",
                        "6.6.6.6",
                        "Authorization",
                        "Bearer of-the-user");
        socket.sendText("hello", true);
        assertThat(heard.next()).isEqualTo("hello");

        HttpHeaders received = opened.take();

        assertThat(received.get("X-Room")).isEqualTo("one");
        assertThat(received.get("Authorization")).isEqualTo("Bearer of-the-user");
        assertThat(received.get("Lepton-Unit")).isEqualTo("socket-1");
        assertThat(received.toString()).doesNotContain("6.6.6.6", "evil.example");
        assertThat(received.getAll("X-Forwarded-For")).containsExactly("127.0.0.1");
        assertThat(received.getAll("X-Forwarded-Proto")).containsExactly("http");
        assertThat(received.getAll("X-Forwarded-Host"))
                .containsExactly("127.0.0.1:" + gateway.port());
        socket.abort();
    }
}
