package dev.lepton.gateway;

import static dev.lepton.gateway.RawHttp2Client.CANCEL;
import static dev.lepton.gateway.RawHttp2Client.CONTINUATION;
import static dev.lepton.gateway.RawHttp2Client.DATA;
import static dev.lepton.gateway.RawHttp2Client.END_HEADERS;
import static dev.lepton.gateway.RawHttp2Client.END_STREAM;
import static dev.lepton.gateway.RawHttp2Client.ENHANCE_YOUR_CALM;
import static dev.lepton.gateway.RawHttp2Client.GOAWAY;
import static dev.lepton.gateway.RawHttp2Client.HEADERS;
import static dev.lepton.gateway.RawHttp2Client.PING;
import static dev.lepton.gateway.RawHttp2Client.PRIORITY;
import static dev.lepton.gateway.RawHttp2Client.PROTOCOL_ERROR;
import static dev.lepton.gateway.RawHttp2Client.REFUSED_STREAM;
import static dev.lepton.gateway.RawHttp2Client.RST_STREAM;
import static dev.lepton.gateway.RawHttp2Client.SETTINGS;
import static dev.lepton.gateway.RawHttp2Client.frame;
import static dev.lepton.gateway.RawHttp2Client.headers;
import static dev.lepton.gateway.RawHttp2Client.number;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lepton.gateway.RawHttp2Client.Answer;
import dev.lepton.gateway.RawHttp2Client.Frame;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What a client may send in HTTP/2 where that is enabled, frame for frame, and what of it a unit
 * gets, byte for byte.
 */
@ExtendWith(LeakCheck.class)
class EdgeHttp2IT {

    private static final int ONE = 1;
    private static final int THREE = 3;
    private static final int WHOLE = END_HEADERS | END_STREAM;
    private static final int NOT_RESET = -1;

    private static RunningGateway gateway;
    private static StubUnit unit;

    @BeforeAll
    static void start(@TempDir Path home) {
        gateway = RunningGateway.start(home, "--server.http2.enabled=true");
        unit = StubUnit.start("two-1", (request, reply) -> reply.send(200, request.target()));
        gateway.up("two", unit);
    }

    @AfterAll
    static void stop() {
        gateway.close();
        unit.close();
    }

    @BeforeEach
    void forget() {
        unit.becomes((request, reply) -> reply.send(200, request.target()));
        unit.requests().clear();
    }

    private static RawHttp2Client connect() throws IOException {
        return new RawHttp2Client(gateway.port());
    }

    private static String[] join(String[] some, String... more) {
        return Stream.concat(Stream.of(some), Stream.of(more)).toArray(String[]::new);
    }

    private static byte[] request(String method, String path, String... more) {
        return headers(
                join(
                        new String[] {
                            ":method", method, ":scheme", "http", ":path", path, ":authority", "h"
                        },
                        more));
    }

    private static byte[] get(String path, String... more) {
        return request("GET", path, more);
    }

    private static double refused(String reason) {
        return gateway.bean(MeterRegistry.class)
                .get("lepton.gateway.edge.refused")
                .tag("reason", reason)
                .counter()
                .count();
    }

    /** One good request more shows that nothing went to the unit before it. */
    private static void assertNothingReachedTheUnit() throws IOException {
        try (RawHttp2Client client = connect()) {
            client.send(HEADERS, WHOLE, ONE, get("/two/after"));

            assertThat(client.answer(ONE)).isEqualTo(new Answer(200, "/after", NOT_RESET));
        }
        assertThat(unit.heads()).containsExactly(unit.headFor("GET /after"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '>',
            value = {
                "/two>/",
                "/two/?>/?",
                "/two/a%20b/%E2%82%AC?x=%2Fy&z=a+b>/a%20b/%E2%82%AC?x=%2Fy&z=a+b",
                "/two/a?f[x]=1&q=%27>/a?f[x]=1&q=%27",
                "/two/a?q={\"k\":[1|2]}^`<>/a?q={\"k\":[1|2]}^`<",
                "/two/a?p=100%&%zz&\\>/a?p=100%&%zz&\\",
            })
    void targetReachesTheUnitByteForByte(String path, String received) throws IOException {
        try (RawHttp2Client client = connect()) {
            client.send(HEADERS, WHOLE, ONE, get(path));

            assertThat(client.answer(ONE)).isEqualTo(new Answer(200, received, NOT_RESET));
        }
        assertThat(unit.heads()).containsExactly(unit.headFor("GET " + received));
    }

    @Test
    void onlyWhatIsMeantForTheUnitReachesIt() throws IOException {
        try (RawHttp2Client client = connect()) {
            client.send(
                    HEADERS,
                    WHOLE,
                    ONE,
                    get(
                            "/two/a",
                            "x-a",
                            "1",
                            "host",
                            "h",
                            "te",
                            "trailers",
                            "forwarded",
                            "for=1",
                            "x-real-ip",
                            "1",
                            "lepton-unit",
                            "x",
                            "lepton-raw-query",
                            "y",
                            "x-http2-scheme",
                            "https",
                            "x-http2-path",
                            "/admin",
                            "cookie",
                            "a=1",
                            "cookie",
                            "b=2"));

            assertThat(client.answer(ONE).status()).isEqualTo(200);
        }
        assertThat(unit.heads())
                .containsExactly(unit.headFor("GET /a", "x-a: 1\r\n", "cookie: a=1; b=2\r\n"));
    }

    @ParameterizedTest
    @CsvSource({"6, content-length: 6", ", transfer-encoding: chunked"})
    void bodyReachesTheUnit(String length, String framing) throws IOException {
        try (RawHttp2Client client = connect()) {
            client.send(
                    HEADERS,
                    END_HEADERS,
                    ONE,
                    length == null
                            ? request("POST", "/two/a")
                            : request("POST", "/two/a", "content-length", length));
            client.send(DATA, 0, ONE, "abc");
            client.send(DATA, END_STREAM, ONE, "def");

            assertThat(client.answer(ONE).status()).isEqualTo(200);
        }
        assertThat(unit.heads()).containsExactly(unit.headFor("POST /a", framing + "\r\n"));
        assertThat(unit.requests().getFirst().text()).isEqualTo("abcdef");
    }

    static Stream<Arguments> headsThatAreRefused() {
        return Stream.of(
                Arguments.of(400, "dot-segment", get("/two/../admin")),
                Arguments.of(400, "encoded-slash", get("/two/a%2fb")),
                Arguments.of(400, "semicolon", get("/two/a;b")),
                Arguments.of(400, "path-character", get("/two/a b")),
                Arguments.of(400, "path-character", get("/two/a\tb")),
                Arguments.of(400, "path-character", get("/two/\u00e9")),
                Arguments.of(400, "query-character", get("/two/a?b c")),
                Arguments.of(400, "query-character", get("/two/a?\u00e9")),
                Arguments.of(400, "target", get("http://h/two/a")),
                Arguments.of(400, "target", get("http://other/two/a")),
                Arguments.of(400, "target", get("two/a")),
                Arguments.of(400, "target", get("*")),
                Arguments.of(400, "target", get("/two/a#b")),
                Arguments.of(400, "header-name", get("/two/a", "x_forwarded_for", "6.6.6.6")),
                Arguments.of(400, "host", get("/two/a", "host", "other")),
                Arguments.of(400, "host", get("/two/a", "host", "h", "host", "other")),
                Arguments.of(400, "host", pseudo("GET", "http", "/two/a", "a@h")),
                Arguments.of(400, "host", pseudo("GET", "http", "/two/a", "h/x")),
                Arguments.of(
                        400,
                        "host",
                        headers(":method", "GET", ":scheme", "http", ":path", "/two/a")),
                Arguments.of(405, "method", pseudo("TRACE", "http", "/two/a", "h")),
                Arguments.of(405, "method", pseudo("trace", "http", "/two/a", "h")),
                Arguments.of(405, "method", headers(":method", "CONNECT", ":authority", "h:80")),
                Arguments.of(431, "too-many-headers", get("/two/a", manyHeaders(100))));
    }

    private static byte[] pseudo(
            String method, String scheme, String path, String authority, String... more) {
        return headers(
                join(
                        new String[] {
                            ":method",
                            method,
                            ":scheme",
                            scheme,
                            ":path",
                            path,
                            ":authority",
                            authority
                        },
                        more));
    }

    private static String[] manyHeaders(int number) {
        return Stream.iterate(0, i -> i + 1)
                .limit(number)
                .flatMap(i -> Stream.of("x-" + i, "1"))
                .toArray(String[]::new);
    }

    @ParameterizedTest(name = "{1}")
    @MethodSource("headsThatAreRefused")
    void headIsRefusedAndTheConnectionGoesOn(int status, String reason, byte[] block)
            throws IOException {
        for (boolean whole : new boolean[] {true, false}) {
            double before = refused(reason);
            try (RawHttp2Client client = connect()) {
                client.send(HEADERS, whole ? WHOLE : END_HEADERS, ONE, block);
                Answer answer = client.answer(ONE);

                assertThat(answer.status()).isEqualTo(status);
                assertThat(answer.body()).endsWith("\"code\":\"" + reason + "\"}");
                client.send(HEADERS, WHOLE, THREE, get("/two/next"));
                assertThat(client.answer(THREE).body()).isEqualTo("/next");
            }
            assertThat(refused(reason)).isEqualTo(before + 1);
        }
        assertThat(unit.heads())
                .containsExactly(unit.headFor("GET /next"), unit.headFor("GET /next"));
    }

    /** Of these the codec itself makes no request. */
    static Stream<Arguments> headsThatAreNone() {
        return Stream.of(
                Arguments.of("CR LF in a path", get("/two/a\r\nX: y")),
                Arguments.of("LF in a path", get("/two/a\n")),
                Arguments.of("CR LF in a name", get("/two/a", "x\r\ny", "z")),
                Arguments.of("CR LF in a value", get("/two/a", "x", "y\r\nz: 1")),
                Arguments.of("NUL in a value", get("/two/a", "x", "y\u0000")),
                Arguments.of("control character in a value", get("/two/a", "x", "\u00010")),
                Arguments.of("blank in a name", get("/two/a", "x a", "b")),
                Arguments.of("colon in a name", get("/two/a", "x:a", "b")),
                Arguments.of("blank in a method", pseudo("GE T", "http", "/two/a", "h")),
                Arguments.of(
                        "line in a method",
                        pseudo("GET /two/b HTTP/1.1\r\nX: y", "http", "/two/a", "h")),
                Arguments.of("empty method", pseudo("", "http", "/two/a", "h")),
                Arguments.of("other scheme", pseudo("GET", "ftp", "/two/a", "h")),
                Arguments.of("empty authority", pseudo("GET", "http", "/two/a", "")),
                Arguments.of(
                        "extended CONNECT",
                        pseudo("CONNECT", "http", "/two/a", "h", ":protocol", "websocket")),
                Arguments.of("upper-case name", get("/two/a", "X-A", "b")),
                Arguments.of("upper-case length", get("/two/a", "Content-Length", "5")),
                Arguments.of("empty name", get("/two/a", "", "b")),
                Arguments.of("blank before", get("/two/a", "x-a", " b")),
                Arguments.of("transfer-encoding", get("/two/a", "transfer-encoding", "chunked")),
                Arguments.of("connection", get("/two/a", "connection", "x-a")),
                Arguments.of("keep-alive", get("/two/a", "keep-alive", "5")),
                Arguments.of("proxy-connection", get("/two/a", "proxy-connection", "close")),
                Arguments.of("upgrade", get("/two/a", "upgrade", "h2c")),
                Arguments.of("te", get("/two/a", "te", "gzip")),
                Arguments.of("second method", get("/two/a", ":method", "POST")),
                Arguments.of(
                        "second path", pseudo("GET", "http", "/two/a", "h", ":path", "/two/b")),
                Arguments.of(
                        "second authority",
                        pseudo("GET", "http", "/two/a", "h", ":authority", "o")),
                Arguments.of(
                        "second scheme", pseudo("GET", "http", "/two/a", "h", ":scheme", "http")),
                Arguments.of(
                        "pseudo header of responses",
                        pseudo("GET", "http", "/two/a", "h", ":status", "200")),
                Arguments.of(
                        "unknown pseudo header", pseudo("GET", "http", "/two/a", "h", ":x", "y")),
                Arguments.of(
                        "extended without CONNECT",
                        pseudo("GET", "http", "/two/a", "h", ":protocol", "x")),
                Arguments.of(
                        "pseudo header after others",
                        headers(
                                ":method",
                                "GET",
                                ":scheme",
                                "http",
                                "x-a",
                                "b",
                                ":path",
                                "/two/a",
                                ":authority",
                                "h")),
                Arguments.of(
                        "no method",
                        headers(":scheme", "http", ":path", "/two/a", ":authority", "h")),
                Arguments.of(
                        "no path", headers(":method", "GET", ":scheme", "http", ":authority", "h")),
                Arguments.of("empty path", pseudo("GET", "http", "", "h")),
                Arguments.of(
                        "no scheme",
                        headers(":method", "GET", ":path", "/two/a", ":authority", "h")),
                Arguments.of("no number", get("/two/a", "content-length", "x")),
                Arguments.of("signed", get("/two/a", "content-length", "+0")),
                Arguments.of(
                        "two lengths", get("/two/a", "content-length", "0", "content-length", "1")),
                Arguments.of("body that is none", get("/two/a", "content-length", "5")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("headsThatAreNone")
    void headThatIsNoneEndsTheStreamAlone(String name, byte[] block) throws IOException {
        try (RawHttp2Client client = connect()) {
            client.send(HEADERS, WHOLE, ONE, block);
            Answer answer = client.answer(ONE);

            assertThat(answer.status() == 400 || answer.error() == PROTOCOL_ERROR)
                    .as("%s", answer)
                    .isTrue();
            client.send(HEADERS, WHOLE, THREE, get("/two/next"));
            assertThat(client.answer(THREE).body()).isEqualTo("/next");
        }
        assertThat(unit.heads()).containsExactly(unit.headFor("GET /next"));
    }

    @ParameterizedTest
    @CsvSource({"5, abcdef", "5, abcd"})
    void bodyThatIsNotAsLongAsAnnouncedMakesNoRequest(String length, String body)
            throws IOException {
        try (RawHttp2Client client = connect()) {
            client.send(
                    HEADERS, END_HEADERS, ONE, request("POST", "/two/a", "content-length", length));
            client.send(DATA, END_STREAM, ONE, body);

            assertThat(client.answer(ONE)).isEqualTo(new Answer(0, "", PROTOCOL_ERROR));
        }
        assertNothingReachedTheUnit();
    }

    /** Its head is passed on before more is known of it, and is a whole request of its own. */
    @Test
    void whatComesAfterAnEmptyBodyGoesNoFurther() throws IOException {
        try (RawHttp2Client client = connect()) {
            client.send(
                    HEADERS, END_HEADERS, ONE, request("POST", "/two/a", "content-length", "0"));
            client.send(DATA, END_STREAM, ONE, "GET /two/b HTTP/1.1\r\nHost: h\r\n\r\n");

            assertThat(client.answer(ONE).error()).isEqualTo(PROTOCOL_ERROR);
            client.send(HEADERS, WHOLE, THREE, get("/two/next"));
            assertThat(client.answer(THREE).status()).isEqualTo(200);
        }
        // The stream may be reset before the unit is asked.
        assertThat(unit.heads())
                .contains(unit.headFor("GET /next"))
                .isSubsetOf(
                        unit.headFor("POST /a")
                                .replaceFirst("\r\n\\z", "content-length: 0\r\n\r\n"),
                        unit.headFor("GET /next"));
        assertThat(unit.requests()).allSatisfy(each -> assertThat(each.body()).isEmpty());
    }

    static Stream<Arguments> trailersThatAreNone() {
        return Stream.of(
                Arguments.of("another request", get("/two/b")),
                Arguments.of("method", headers(":method", "GET")),
                Arguments.of("path", headers(":path", "/two/b")),
                Arguments.of("status", headers(":status", "200")),
                Arguments.of("CR LF", headers("x", "y\r\nz: 1")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("trailersThatAreNone")
    void trailersThatAreNoneMakeNoRequest(String name, byte[] trailers) throws IOException {
        try (RawHttp2Client client = connect()) {
            client.send(HEADERS, END_HEADERS, ONE, request("POST", "/two/a"));
            client.send(DATA, 0, ONE, "abc");
            client.send(HEADERS, WHOLE, ONE, trailers);
            Answer answer = client.answer(ONE);

            assertThat(answer.status() == 400 || answer.error() == PROTOCOL_ERROR)
                    .as("%s", answer)
                    .isTrue();
        }
        assertNothingReachedTheUnit();
    }

    @Test
    void trailersEndABodyAndGoNoFurther() throws IOException {
        try (RawHttp2Client client = connect()) {
            client.send(HEADERS, END_HEADERS, ONE, request("POST", "/two/a"));
            client.send(DATA, 0, ONE, "abc");
            client.send(HEADERS, WHOLE, ONE, headers("x-trailer", "1", "content-length", "9"));

            assertThat(client.answer(ONE).status()).isEqualTo(200);
        }
        assertThat(unit.heads())
                .containsExactly(unit.headFor("POST /a", "transfer-encoding: chunked\r\n"));
        assertThat(unit.requests().getFirst().text()).isEqualTo("abc");
    }

    @Test
    void framesOfUnknownTypesAreNoBody() throws IOException {
        try (RawHttp2Client client = connect()) {
            client.send(HEADERS, END_HEADERS, ONE, request("POST", "/two/a"));
            client.send(DATA, 0, ONE, "abc");
            client.send(0x42, 0, ONE, "injected");
            client.send(0x42, 0, 0, "ignored");
            client.send(PRIORITY, 0, ONE, new byte[] {0, 0, 0, 0, 1});
            client.send(DATA, END_STREAM, ONE, "def");

            assertThat(client.answer(ONE).status()).isEqualTo(200);
        }
        assertThat(unit.requests().getFirst().text()).isEqualTo("abcdef");
    }

    @Test
    void floodIsCounted() throws IOException {
        double before = refused("http2-flood");
        try (RawHttp2Client client = connect()) {
            client.flood(flood(new byte[0], 300, i -> requestAndReset(2 * i + 1)));

            assertThat(client.next(_ -> false)).isNull();
        }
        assertThat(refused("http2-flood")).isEqualTo(before + 1);
    }

    @Test
    void hundredStreamsMayBeOpen() throws IOException {
        CountDownLatch mayAnswer = new CountDownLatch(1);
        unit.becomes((request, reply) -> {
            try {
                mayAnswer.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            reply.send(200, request.target());
        });
        try (RawHttp2Client client = connect()) {
            Frame settings = client.next(frame -> frame.type() == SETTINGS);
            assertThat(settings.payload()).containsSequence(0, 3, 0, 0, 0, 100);
            for (int i = 0; i <= 100; i++) {
                client.send(HEADERS, WHOLE, 2 * i + 1, get("/two/a"));
            }

            assertThat(client.answer(201)).isEqualTo(new Answer(0, "", REFUSED_STREAM));

            mayAnswer.countDown();
            for (int i = 0; i < 100; i++) {
                assertThat(client.next(Frame::ends)).isNotNull();
            }
        }
        assertThat(unit.requests()).hasSize(100);
    }

    /** Frames that would each cost more than they cost their sender. */
    static Stream<Arguments> floods() {
        byte[] begun = frame(HEADERS, END_STREAM, ONE, get("/two/a"));
        byte[] open = frame(HEADERS, END_HEADERS, ONE, request("POST", "/two/a"));
        byte[] empty = new byte[0];
        byte[] small = headers("x", "1");
        return Stream.of(
                Arguments.of("rapid reset", flood(empty, 2_000, i -> requestAndReset(2 * i + 1))),
                Arguments.of(
                        "empty CONTINUATION",
                        flood(begun, 100_000, i -> frame(CONTINUATION, 0, ONE, empty))),
                Arguments.of(
                        "small CONTINUATION",
                        flood(begun, 100_000, i -> frame(CONTINUATION, 0, ONE, small))),
                Arguments.of("empty DATA", flood(open, 100_000, i -> frame(DATA, 0, ONE, empty))),
                Arguments.of(
                        "PING and SETTINGS that nobody reads the answers to",
                        flood(
                                empty,
                                1_000_000,
                                i ->
                                        i % 2 == 0
                                                ? frame(PING, 0, 0, new byte[8])
                                                : frame(SETTINGS, 0, 0, empty))),
                Arguments.of(
                        "requests that are refused and reset",
                        flood(
                                empty,
                                2_000,
                                i ->
                                        frame(
                                                HEADERS,
                                                END_HEADERS,
                                                2 * i + 1,
                                                get("/two/a", "te", "gzip")))));
    }

    private static byte[] requestAndReset(int stream) {
        ByteArrayOutputStream both = new ByteArrayOutputStream();
        both.writeBytes(frame(HEADERS, WHOLE, stream, get("/two/a")));
        both.writeBytes(frame(RST_STREAM, 0, stream, number(CANCEL)));
        return both.toByteArray();
    }

    private static byte[] flood(byte[] begin, int times, IntFunction<byte[]> frame) {
        ByteArrayOutputStream flood = new ByteArrayOutputStream();
        flood.writeBytes(begin);
        for (int i = 0; i < times; i++) {
            flood.writeBytes(frame.apply(i));
        }
        return flood.toByteArray();
    }

    /** For answers that are not read. */
    private static Socket withLittleRoom() throws IOException {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(8_192);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), gateway.port()));
        return socket;
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("floods")
    void floodEndsTheConnectionAndNoOther(String name, byte[] flood) throws IOException {
        try (RawHttp2Client other = connect();
                RawHttp2Client client = new RawHttp2Client(withLittleRoom())) {
            Thread flooding = Thread.ofVirtual().start(() -> client.flood(flood));
            for (int i = 0; i < 20; i++) {
                other.send(HEADERS, WHOLE, 2 * i + 1, get("/two/other"));
                assertThat(other.answer(2 * i + 1).body()).isEqualTo("/other");
            }

            // Nothing is read of what the flood is answered before it is over.
            await().atMost(Duration.ofSeconds(120)).until(() -> !flooding.isAlive());
            Frame last = client.next(frame -> frame.type() == GOAWAY);
            assertThat(last == null ? ENHANCE_YOUR_CALM : last.error())
                    .isEqualTo(ENHANCE_YOUR_CALM);
            assertThat(client.next(_ -> false)).isNull();
        }
        assertThat(unit.requests().stream().filter(each -> each.target().equals("/a")))
                .hasSizeLessThan(300);
    }
}
