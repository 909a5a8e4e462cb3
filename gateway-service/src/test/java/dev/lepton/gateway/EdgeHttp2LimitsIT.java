package dev.lepton.gateway;

import static dev.lepton.gateway.RawHttp2Client.CANCEL;
import static dev.lepton.gateway.RawHttp2Client.CONTINUATION;
import static dev.lepton.gateway.RawHttp2Client.DATA;
import static dev.lepton.gateway.RawHttp2Client.END_HEADERS;
import static dev.lepton.gateway.RawHttp2Client.END_STREAM;
import static dev.lepton.gateway.RawHttp2Client.ENHANCE_YOUR_CALM;
import static dev.lepton.gateway.RawHttp2Client.GOAWAY;
import static dev.lepton.gateway.RawHttp2Client.HEADERS;
import static dev.lepton.gateway.RawHttp2Client.NO_ERROR;
import static dev.lepton.gateway.RawHttp2Client.PREFACE;
import static dev.lepton.gateway.RawHttp2Client.RST_STREAM;
import static dev.lepton.gateway.RawHttp2Client.SETTINGS;
import static dev.lepton.gateway.RawHttp2Client.WINDOW_UPDATE;
import static dev.lepton.gateway.RawHttp2Client.frame;
import static dev.lepton.gateway.RawHttp2Client.headers;
import static dev.lepton.gateway.RawHttp2Client.number;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lepton.gateway.RawHttp2Client.Answer;
import dev.lepton.gateway.RawHttp2Client.Frame;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What the edge waits for in HTTP/2, and how much it takes. */
@ExtendWith(LeakCheck.class)
class EdgeHttp2LimitsIT {

    private static final Duration LIMIT = Duration.ofSeconds(1);
    private static final int MAX_BODY = 8_000_000;
    private static final int MOST_REQUESTS = 20;
    private static final int WINDOW = 65_535;
    private static final int ONE = 1;
    private static final int NOT_RESET = -1;
    private static final int WHOLE = END_HEADERS | END_STREAM;

    private static RunningGateway gateway;
    private static StubUnit unit;

    private final List<AutoCloseable> closed = new ArrayList<>();

    @BeforeAll
    static void start(@TempDir Path home) {
        gateway =
                RunningGateway.start(
                        home,
                        "--server.http2.enabled=true",
                        "--server.netty.idle-timeout=8s",
                        "--lepton.gateway.pool.max-idle=1s",
                        "--server.netty.max-keep-alive-requests=" + MOST_REQUESTS,
                        "--lepton.gateway.edge.header-timeout=" + LIMIT.toMillis() + "ms",
                        "--lepton.gateway.edge.body-idle=" + LIMIT.toMillis() + "ms",
                        "--lepton.gateway.edge.max-body=" + MAX_BODY + "B");
        unit = StubUnit.good("limits-1");
        gateway.up("limits", unit);
    }

    @AfterAll
    static void stop() {
        gateway.close();
        unit.close();
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable each : closed) {
            each.close();
        }
        unit.becomes((request, reply) -> reply.send(200, "limits-1"));
        unit.requests().clear();
    }

    private RawHttp2Client connect() throws IOException {
        RawHttp2Client client = new RawHttp2Client(gateway.port());
        closed.add(client);
        return client;
    }

    private static byte[] post(String path, String... more) {
        return headers(
                Stream.concat(
                                Stream.of(
                                        ":method",
                                        "POST",
                                        ":scheme",
                                        "http",
                                        ":path",
                                        path,
                                        ":authority",
                                        "h"),
                                Stream.of(more))
                        .toArray(String[]::new));
    }

    /** Connections of other tests are closed when they have lain idle. */
    private static void awaitUnitLetGo() {
        await().atMost(Duration.ofSeconds(20))
                .until(() -> gateway.tracked(unit).inFlight() == 0 && unit.openConnections() == 0);
    }

    @Test
    void bodyThatStopsIsAnswered408AndItsUnitLetGo() throws IOException {
        RawHttp2Client client = connect();
        client.send(HEADERS, END_HEADERS, ONE, post("/limits/a", "content-length", "100"));
        client.send(DATA, 0, ONE, "half");

        Answer answer = client.answer(ONE);

        assertThat(answer.status()).isEqualTo(408);
        assertThat(answer.body()).endsWith("\"code\":\"body-timeout\"}");
        assertThat(client.next(frame -> frame.type() == RST_STREAM).error()).isEqualTo(NO_ERROR);
        awaitUnitLetGo();
        assertThat(unit.requests()).isEmpty();
        client.send(HEADERS, WHOLE, 3, post("/limits/next"));
        assertThat(client.answer(3)).isEqualTo(new Answer(200, "limits-1", NOT_RESET));
    }

    @Test
    void bodyThatNeverBeginsIsAnswered408() throws IOException {
        RawHttp2Client client = connect();
        client.send(HEADERS, END_HEADERS, ONE, post("/limits/a"));

        assertThat(client.answer(ONE).status()).isEqualTo(408);
    }

    @Test
    void bodyThatGoesOnPassesHoweverSlow() throws IOException {
        RawHttp2Client client = connect();
        client.send(HEADERS, END_HEADERS, ONE, post("/limits/a", "content-length", "12"));
        for (int i = 1; i <= 12; i++) {
            LockSupport.parkNanos(LIMIT.dividedBy(5).toNanos());
            client.send(DATA, i == 12 ? END_STREAM : 0, ONE, "a");
        }

        assertThat(client.answer(ONE).status()).isEqualTo(200);
        assertThat(unit.requests().getFirst().text()).isEqualTo("a".repeat(12));
    }

    private void up(String service, SocketUnit.Behaviour behaviour) throws IOException {
        SocketUnit unit = SocketUnit.start(WINDOW, behaviour);
        closed.add(unit);
        gateway.put(unit.view(service));
        gateway.push();
    }

    private static final byte[] OK =
            "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok".getBytes(StandardCharsets.US_ASCII);

    @Test
    void connectionGoesOnAfterARequestThatIsAnsweredBeforeItsEnd() throws IOException {
        up(
                "early",
                socket -> {
                    socket.getInputStream().read(new byte[1000]);
                    socket.getOutputStream().write(OK);
                    socket.getInputStream().transferTo(OutputStream.nullOutputStream());
                });
        RawHttp2Client client = connect();
        client.send(HEADERS, END_HEADERS, ONE, post("/early/a", "content-length", "1000"));
        client.send(DATA, 0, ONE, "half");

        assertThat(client.answer(ONE)).isEqualTo(new Answer(200, "ok", NOT_RESET));
        assertThat(client.next(frame -> frame.type() == RST_STREAM).stream()).isEqualTo(ONE);
        client.send(HEADERS, WHOLE, 3, post("/limits/next"));
        assertThat(client.answer(3).status()).isEqualTo(200);
    }

    @Test
    void bodyBeyondTheLimitIsAnswered413BeforeItComes() throws IOException {
        RawHttp2Client client = connect();
        client.send(
                HEADERS,
                END_HEADERS,
                ONE,
                post("/limits/a", "content-length", "" + (MAX_BODY + 1)));

        Answer answer = client.answer(ONE);

        assertThat(answer.status()).isEqualTo(413);
        assertThat(answer.body()).endsWith("\"code\":\"body-too-large\"}");
        assertThat(unit.requests()).isEmpty();
    }

    @Test
    void bodyThatGrowsBeyondTheLimitIsAnswered413AndItsUnitLetGo() throws IOException {
        RawHttp2Client client = connect();
        client.send(HEADERS, END_HEADERS, ONE, post("/limits/a"));

        sendBody(client, MAX_BODY + 1);

        assertThat(client.answer(ONE).status()).isEqualTo(413);
        awaitUnitLetGo();
        assertThat(unit.requests()).isEmpty();
        client.send(HEADERS, WHOLE, 3, post("/limits/next"));
        assertThat(client.answer(3).status()).isEqualTo(200);
    }

    @Test
    void bodyOfTheLimitPasses() throws IOException {
        RawHttp2Client client = connect();
        client.send(HEADERS, END_HEADERS, ONE, post("/limits/a"));

        sendBody(client, MAX_BODY);
        client.send(DATA, END_STREAM, ONE, "");

        assertThat(client.answer(ONE).status()).isEqualTo(200);
        assertThat(unit.requests().getFirst().body()).hasSize(MAX_BODY);
    }

    /** As the windows of stream and connection let it, which both grow with what is taken. */
    private static void sendBody(RawHttp2Client client, int size) throws IOException {
        sendBody(client, size, new AtomicInteger());
    }

    private static void sendBody(RawHttp2Client client, int size, AtomicInteger sent)
            throws IOException {
        int[] windows = {WINDOW, WINDOW};
        for (int left = size; left > 0; ) {
            int step = Math.min(Math.min(left, 16_000), Math.min(windows[0], windows[1]));
            if (step > 0) {
                client.send(DATA, 0, ONE, new byte[step]);
                windows[0] -= step;
                windows[1] -= step;
                left -= step;
                sent.addAndGet(step);
            } else {
                Frame more = client.next(frame -> frame.type() == WINDOW_UPDATE);
                windows[more.stream()] += new java.math.BigInteger(more.payload()).intValue();
            }
        }
    }

    @Test
    void clientIsNotToBlameForAUnitThatReadsLate() throws IOException {
        AtomicInteger sent = new AtomicInteger();
        up(
                "late",
                socket -> {
                    InputStream in = socket.getInputStream();
                    // It begins when nothing more has come for longer than a client may take.
                    for (int before = -1; before != sent.get(); ) {
                        before = sent.get();
                        LockSupport.parkNanos(LIMIT.plusMillis(100).toNanos());
                    }
                    for (int seen = 0; seen < MAX_BODY; ) {
                        seen += in.read(new byte[WINDOW]);
                    }
                    socket.getOutputStream().write(OK);
                    in.transferTo(OutputStream.nullOutputStream());
                });
        RawHttp2Client client = connect();
        client.send(HEADERS, END_HEADERS, ONE, post("/late/a", "content-length", "" + MAX_BODY));
        sendBody(client, MAX_BODY, sent);

        client.send(DATA, END_STREAM, ONE, "");

        assertThat(client.answer(ONE)).isEqualTo(new Answer(200, "ok", NOT_RESET));
    }

    @Test
    void responseThatGoesOnIsNotEndedByABodyThatDoesToo() throws IOException {
        up(
                "both",
                socket -> {
                    socket.getInputStream().read(new byte[1000]);
                    OutputStream out = socket.getOutputStream();
                    out.write(
                            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                                    .getBytes(StandardCharsets.US_ASCII));
                    byte[] chunk = "1\r\nx\r\n".getBytes(StandardCharsets.US_ASCII);
                    for (int i = 0; i < 4; i++) {
                        out.write(chunk);
                        LockSupport.parkNanos(LIMIT.toNanos());
                    }
                    out.write("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                    socket.getInputStream().transferTo(OutputStream.nullOutputStream());
                });
        RawHttp2Client client = connect();
        client.send(HEADERS, END_HEADERS, ONE, post("/both/a"));
        client.send(DATA, 0, ONE, "half");

        assertThat(client.answer(ONE)).isEqualTo(new Answer(200, "xxxx", NOT_RESET));
    }

    /** Bytes of which the rest never comes. */
    static Stream<Arguments> beginnings() {
        byte[] head = frame(HEADERS, WHOLE, ONE, post("/limits/a"));
        return Stream.of(
                Arguments.of("frame's head", Arrays.copyOf(head, 5)),
                Arguments.of("frame's payload", Arrays.copyOf(head, 20)),
                Arguments.of("head", frame(HEADERS, END_STREAM, ONE, post("/limits/a"))),
                Arguments.of("SETTINGS", Arrays.copyOf(frame(SETTINGS, 0, 0, new byte[6]), 10)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("beginnings")
    void whatIsNotWholeInTimeEndsTheConnection(String name, byte[] begin) throws IOException {
        RawHttp2Client client = connect();

        client.send(begin);

        assertThat(client.next(frame -> frame.type() == GOAWAY).error())
                .isEqualTo(ENHANCE_YOUR_CALM);
        assertThat(client.next(_ -> false)).isNull();
        assertThat(unit.requests()).isEmpty();
    }

    @Test
    void headThatDripsIsNotWholeInTime() throws IOException {
        RawHttp2Client client = connect();
        client.send(HEADERS, END_STREAM, ONE, post("/limits/a"));

        for (int i = 0; i < 50 && !gone(client); i++) {
            client.flood(frame(CONTINUATION, 0, ONE, headers("x-" + i, "1".repeat(20))));
            LockSupport.parkNanos(LIMIT.dividedBy(5).toNanos());
        }

        assertThat(gone(client)).isTrue();
        assertThat(unit.requests()).isEmpty();
    }

    private static boolean gone(RawHttp2Client client) {
        try {
            client.send(new byte[0]);
            return client.isAtEnd();
        } catch (IOException e) {
            return true;
        }
    }

    @Test
    void prefaceThatStopsEndsTheConnection() throws IOException {
        try (Socket client = new Socket(InetAddress.getLoopbackAddress(), gateway.port())) {
            client.setSoTimeout(10_000);
            client.getOutputStream()
                    .write(PREFACE.substring(0, 10).getBytes(StandardCharsets.US_ASCII));

            assertThat(client.getInputStream().read()).isEqualTo(-1);
        }
    }

    @Test
    void connectionThatIdlesIsEnded() throws IOException {
        RawHttp2Client client = connect();
        client.send(HEADERS, WHOLE, ONE, post("/limits/a"));
        assertThat(client.answer(ONE).status()).isEqualTo(200);

        assertThat(client.next(frame -> frame.type() == GOAWAY).error()).isEqualTo(NO_ERROR);
        assertThat(client.next(_ -> false)).isNull();
    }

    @Test
    void connectionHasItsShareOfRequests() throws IOException {
        RawHttp2Client client = connect();
        int answered = 0;
        for (int i = 0; i <= MOST_REQUESTS; i++) {
            client.flood(frame(HEADERS, WHOLE, 2 * i + 1, post("/limits/a")));
            answered += client.answer(2 * i + 1).status() == 200 ? 1 : 0;
        }

        assertThat(answered).isEqualTo(MOST_REQUESTS);
        assertThat(unit.requests()).hasSize(MOST_REQUESTS);
    }

    @Test
    void headersAboveTheLimitAreAnswered431() throws IOException {
        RawHttp2Client client = connect();
        ByteArrayOutputStream large = new ByteArrayOutputStream();
        large.writeBytes(frame(HEADERS, END_STREAM, ONE, post("/limits/a")));
        large.writeBytes(frame(CONTINUATION, 0, ONE, headers("x", "a".repeat(16_000))));
        large.writeBytes(frame(CONTINUATION, END_HEADERS, ONE, headers("y", "a".repeat(1_000))));
        client.send(large.toByteArray());

        assertThat(client.answer(ONE).status()).isEqualTo(431);
        assertThat(unit.requests()).isEmpty();
    }

    @Test
    void requestThatIsResetLetsItsUnitGo() throws IOException {
        AtomicInteger begun = new AtomicInteger();
        unit.becomes((request, reply) -> {
            begun.incrementAndGet();
            reply.hang();
        });
        RawHttp2Client client = connect();
        for (int i = 0; i < 10; i++) {
            client.send(HEADERS, WHOLE, 2 * i + 1, post("/limits/a"));
        }
        await().atMost(Duration.ofSeconds(10)).until(() -> begun.get() == 10);

        for (int i = 0; i < 10; i++) {
            client.send(RST_STREAM, 0, 2 * i + 1, number(CANCEL));
        }

        awaitUnitLetGo();
    }

    @Test
    void bodyThatIsResetLetsItsUnitGo() throws IOException {
        RawHttp2Client client = connect();
        for (int i = 0; i < 10; i++) {
            client.send(HEADERS, END_HEADERS, 2 * i + 1, post("/limits/a"));
            client.send(DATA, 0, 2 * i + 1, "half");
        }
        await().atMost(Duration.ofSeconds(10)).until(() -> unit.bodyBytesSeen() >= 40);

        for (int i = 0; i < 10; i++) {
            client.send(RST_STREAM, 0, 2 * i + 1, number(CANCEL));
        }

        awaitUnitLetGo();
        assertThat(unit.requests()).isEmpty();
    }

    @Test
    void connectionThatBreaksLetsItsUnitsGo() throws IOException {
        RawHttp2Client client = connect();
        client.send(HEADERS, END_HEADERS, ONE, post("/limits/a"));
        client.send(DATA, 0, ONE, "half");
        long seen = unit.bodyBytesSeen();
        await().atMost(Duration.ofSeconds(10))
                .until(() -> unit.bodyBytesSeen() > seen || unit.openConnections() > 0);

        client.close();

        awaitUnitLetGo();
    }
}
