package dev.lepton.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MeterRegistry;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What a client may send, byte for byte, and what of it a unit gets. After each refusal one good
 * request shows that nothing went to the unit before it.
 */
@ExtendWith(LeakCheck.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EdgeIT {

    static final String END = "Connection: close\r\n\r\n";

    static RunningGateway gateway;
    static StubUnit unit;

    /** Of the gateway. */
    String[] settings() {
        return new String[0];
    }

    @BeforeAll
    void start(@TempDir Path home) {
        gateway = RunningGateway.start(home, settings());
        unit = StubUnit.start("edge-1", (request, reply) -> reply.send(200, request.target()));
        gateway.up("edge", unit);
    }

    @AfterAll
    void stop() {
        gateway.close();
        unit.close();
    }

    @BeforeEach
    void forget() {
        unit.becomes((request, reply) -> reply.send(200, request.target()));
        unit.requests().clear();
    }

    static String send(String bytes) {
        return RawClient.exchange(gateway.port(), bytes);
    }

    private static String get(String target) {
        return "GET " + target + " HTTP/1.1\r\nHost: h\r\n" + END;
    }

    private static double refused(String reason) {
        return gateway.bean(MeterRegistry.class)
                .get("lepton.gateway.edge.refused")
                .tag("reason", reason)
                .counter()
                .count();
    }

    private static void assertRefused(String bytes, int status, String reason) {
        double before = refused(reason);

        String answer = send(bytes);

        assertThat(answer)
                .startsWith("HTTP/1.1 " + status + " ")
                .contains("\r\nconnection: close\r\n")
                .contains("\r\ncontent-type: application/problem+json\r\n")
                .endsWith("\"code\":\"" + reason + "\"}")
                .containsOnlyOnce("HTTP/1.1 ");
        assertThat(refused(reason)).isEqualTo(before + 1);
        assertThat(send(get("/edge/after"))).startsWith("HTTP/1.1 200 ");
        assertThat(unit.heads()).containsExactly(unit.headFor("GET /after"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '>',
            value = {
                "/edge/../admin>dot-segment",
                "/edge/x/../../admin>dot-segment",
                "/edge/%2e%2e/admin>dot-segment",
                "/edge/.%2E/admin>dot-segment",
                "/edge/.>dot-segment",
                "/..>dot-segment",
                "/edge/a%2fb>encoded-slash",
                "/edge/a%5Cb>encoded-slash",
                "/edge%2f..%2fadmin>encoded-slash",
                "/edge/a%00b>encoded-control",
                "/edge/a%0d%0aX:%20b>encoded-control",
                "/edge/%252e%252e/admin>double-encoding",
                "/edge/a%252fb>double-encoding",
                "/edge/a%255cb>double-encoding",
                "/edge/a%25252eb>double-encoding",
                "/edge/a;x=1>semicolon",
                "/edge/..;/admin>semicolon",
                "/edge/a%3bx>semicolon",
                "//edge/a>empty-segment",
                "/edge//a>empty-segment",
                "/edge/a//>empty-segment",
                "/edge/a\\b>path-character",
                "/edge/{x}>path-character",
                "/edge/\u00e9>path-character",
                "/edge/a\u0001b>path-character",
                "/edge/a%zz>percent-encoding",
                "/edge/a%>percent-encoding",
                "/edge/a#b>target",
                "/edge/a?b#c>target",
                "edge/a>target",
                "*>target",
                "ftp://h/edge/a>target",
                "/edge/a?\u00e9>query-character",
                "/edge/a?\u0001b>query-character",
                "http://other/edge/a>host",
                "http://u@h/edge/a>host",
                "http://h/edge/../a>dot-segment",
                "/edge/a b>malformed",
            })
    void targetIsRefused(String target, String reason) {
        assertRefused(get(target), 400, reason);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '>',
            value = {
                "/edge>/",
                "/edge/>/",
                "/edge?q>/?q",
                "/edge/?>/?",
                "/edge/a/>/a/",
                "/edge/a%20b/%E2%82%AC?x=%2Fy&z=a+b>/a%20b/%E2%82%AC?x=%2Fy&z=a+b",
                "/edge/a%2eb/%41/...>/a%2eb/%41/...",
                "/edge/100%25/50%25zz>/100%25/50%25zz",
                "/edge/-._~!$&'()*+,=:@>/-._~!$&'()*+,=:@",
                "/edge/a?f[x]=1&q=%27>/a?f[x]=1&q=%27",
                "/edge/a?q={\"k\":[1|2]}^`<>/a?q={\"k\":[1|2]}^`<",
                "/edge/a?p=100%&%zz&\\>/a?p=100%&%zz&\\",
                "/edge/a?%2525%2f%00%0d%0a/..//;?>/a?%2525%2f%00%0d%0a/..//;?",
                "http://h/edge/a?b>/a?b",
                "HTTP://H:80/edge/a>/a",
            })
    void targetReachesTheUnitByteForByte(String target, String received) {
        String answer = send(get(target));

        assertThat(answer).startsWith("HTTP/1.1 200 ");
        assertThat(unit.heads()).containsExactly(unit.headFor("GET " + received));
    }

    private static Arguments head(int status, String reason, String bytes) {
        return Arguments.of(status, reason, bytes);
    }

    private static String headers(int number) {
        return String.join(
                "", IntStream.range(0, number).mapToObj(i -> "X-" + i + ": 1\r\n").toList());
    }

    static Stream<Arguments> headsThatAreRefused() {
        String host = "Host: h\r\n";
        String line = "GET /edge/a HTTP/1.1\r\n";
        return Stream.of(
                head(400, "host", line + "\r\n"),
                head(400, "host", line + host + host + "\r\n"),
                head(400, "host", line + "Host: a\r\nHost: b\r\n\r\n"),
                head(400, "host", line + "Host:\r\n\r\n"),
                head(400, "host", line + "Host: h/x\r\n\r\n"),
                head(400, "host", line + "Host: h, h\r\n\r\n"),
                head(400, "folded-header", line + host + "X-A: b\r\n c\r\n\r\n"),
                head(400, "folded-header", line + host + "X-A: b\r\n\tc\r\n\r\n"),
                head(400, "folded-header", line + " Host: h\r\n\r\n"),
                head(
                        400,
                        "folded-header",
                        line + host + "X: y\r\n Transfer-Encoding: chunked\r\n\r\n"),
                head(400, "header-name", line + host + "X_Forwarded_For: 6.6.6.6\r\n\r\n"),
                head(400, "header-name", line + host + "Content_Length: 5\r\n\r\n"),
                head(431, "too-many-headers", line + host + headers(100) + "\r\n"),
                head(
                        431,
                        "headers-too-large",
                        line + host + "X: " + "a".repeat(17_000) + "\r\n\r\n"),
                head(
                        414,
                        "line-too-long",
                        "GET /edge/" + "a".repeat(9_000) + " HTTP/1.1\r\n" + host + "\r\n"),
                head(405, "method", "TRACE /edge/a HTTP/1.1\r\n" + host + "\r\n"),
                head(405, "method", "trace /edge/a HTTP/1.1\r\n" + host + "\r\n"),
                head(405, "method", "CONNECT h:80 HTTP/1.1\r\nHost: h:80\r\n\r\n"),
                head(505, "version", "GET /edge/a HTTP/3.7\r\n" + host + "\r\n"),
                head(505, "version", "GET /edge/a HTTP/1.2\r\n" + host + "\r\n"),
                head(505, "version", "GET /edge/a HTTP/0.9\r\n" + host + "\r\n"),
                head(400, "malformed", "GET /edge/a\r\n" + host + "\r\n"),
                head(400, "malformed", "GARB@GE /edge/a HTTP/1.1\r\n" + host + "\r\n"),
                head(400, "malformed", "GET /edge/a HTTP/1.1\n" + host + "\r\n"),
                head(400, "malformed", line + "Host: h\n\r\n"),
                head(400, "malformed", line + "Host : h\r\n\r\n"),
                head(400, "malformed", line + host + "X-A: b\u0000c\r\n\r\n"),
                head(400, "malformed", line + host + "X-A: b\rX-B: c\r\n\r\n"),
                head(400, "malformed", line + host + "no colon\r\n\r\n"),
                head(400, "malformed", "\u0000" + line + host + "\r\n"));
    }

    @ParameterizedTest
    @MethodSource("headsThatAreRefused")
    void headIsRefused(int status, String reason, String bytes) {
        assertRefused(bytes, status, reason);
    }

    @Test
    void prefaceOfHttp2IsNone() {
        assertRefused("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505, "version");
    }

    @Test
    void hundredHeadersPass() {
        String answer = send("GET /edge/a HTTP/1.1\r\nHost: h\r\n" + headers(98) + END);

        assertThat(answer).startsWith("HTTP/1.1 200 ");
        assertThat(unit.heads()).containsExactly(unit.headFor("GET /a", headers(98)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /edge/a HTTP/1.0\r\nHost: h\r\n\r\n",
                "GET http://h/edge/a HTTP/1.0\r\n\r\n",
                "\r\nGET /edge/a HTTP/1.1\r\nHost:h\t\r\n" + END,
                "GET /edge/a HTTP/1.1\r\nHost: h\r\nLepton-Unit: x\r\nlepton-raw-query: y\r\n"
                        + "X-A: b\r\nTE: trailers\r\nForwarded: for=1\r\nX-Real-IP: 1\r\n"
                        + "Connection: x-a\r\n"
                        + END,
            })
    void onlyWhatIsMeantForTheUnitReachesIt(String bytes) {
        assertThat(send(bytes)).startsWith("HTTP/1.1 200 ");

        assertThat(unit.heads()).containsExactly(unit.headFor("GET /a"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PUT", "PATCH", "OPTIONS", "PROPFIND"})
    void requestWithoutABodyIsSentWithALengthOfNone(String method) {
        send(method + " /edge/a HTTP/1.1\r\nHost: h\r\n" + END);

        assertThat(unit.heads())
                .containsExactly(
                        unit.headFor(method + " /a")
                                .replaceFirst("\r\n\\z", "content-length: 0\r\n\r\n"));
    }

    private static final String CANARY = "GET /edge/canary HTTP/1.1\r\nHost: h\r\n\r\n";

    static Stream<Arguments> framingsThatAreRefused() {
        List<Arguments> all = new ArrayList<>();
        for (String version : List.of("1.0", "1.1")) {
            for (String connection : List.of("keep-alive", "close")) {
                String head =
                        "POST /edge/a HTTP/" + version + "\r\nHost: h\r\nConnection: " + connection;
                for (String framing : FRAMINGS) {
                    all.add(Arguments.of(head + "\r\n" + framing));
                }
            }
        }
        String old = "POST /edge/a HTTP/1.0\r\nHost: h\r\nConnection: keep-alive\r\n";
        all.add(Arguments.of(old + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + CANARY));
        return all.stream();
    }

    /** Of which two readers in a row may see two different ends. */
    private static final List<String> FRAMINGS =
            List.of(
                    // CL.TE and TE.CL
                    "Content-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + CANARY,
                    "Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n2d\r\n"
                            + CANARY
                            + "\r\n0\r\n\r\n",
                    "Content-Length: 0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + CANARY,
                    // TE.TE
                    "Transfer-Encoding: xchunked\r\n\r\n" + CANARY,
                    "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n"
                            + CANARY,
                    "Transfer-Encoding: identity, chunked\r\n\r\n0\r\n\r\n" + CANARY,
                    "Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n" + CANARY,
                    "Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n" + CANARY,
                    "Transfer-Encoding: gzip\r\n\r\n" + CANARY,
                    "Transfer-Encoding: \u000bchunked\r\n\r\n0\r\n\r\n" + CANARY,
                    "Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n" + CANARY,
                    "X: y\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + CANARY,
                    "X: y\r\n Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + CANARY,
                    "Transfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n" + CANARY,
                    "Transfer_Encoding: chunked\r\n\r\n0\r\n\r\n" + CANARY,
                    // CL.CL
                    "Content-Length: 0\r\nContent-Length: 38\r\n\r\n" + CANARY,
                    "Content-Length: 38\r\nContent-Length: 0\r\n\r\n" + CANARY,
                    "Content-Length: 0, 38\r\n\r\n" + CANARY,
                    "Content-Length: +0\r\n\r\n" + CANARY,
                    "Content-Length: -1\r\n\r\n" + CANARY,
                    "Content-Length: 0x0\r\n\r\n" + CANARY,
                    "Content-Length: 99999999999999999999\r\n\r\n" + CANARY);

    @ParameterizedTest
    @MethodSource("framingsThatAreRefused")
    void framingThatCanBeReadInTwoWaysIsRefused(String bytes) {
        String answer = send(bytes);

        assertThat(answer).startsWith("HTTP/1.1 400 ").containsOnlyOnce("HTTP/1.1 ");
        assertThat(send(get("/edge/after"))).startsWith("HTTP/1.1 200 ");
        assertThat(unit.heads()).containsExactly(unit.headFor("GET /after"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "g\r\nx\r\n0\r\n\r\n",
                "-1\r\nx\r\n0\r\n\r\n",
                "80000000\r\nx\r\n0\r\n\r\n",
                "1\nx\r\n0\r\n\r\n",
                "1;a\nb\r\nx\r\n0\r\n\r\n",
                "1\r\nxy\r\n0\r\n\r\n",
                "1\r\nx0\r\n\r\n",
            })
    void chunkThatIsNoneEndsTheConnectionAndNoRequest(String chunks) {
        String answer =
                send(
                        "POST /edge/a HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"
                                + chunks
                                + CANARY);

        assertThat(answer).startsWith("HTTP/1.1 400 ").containsOnlyOnce("HTTP/1.1 ");
        assertThat(send(get("/edge/after"))).startsWith("HTTP/1.1 200 ");
        assertThat(unit.heads()).containsExactly(unit.headFor("GET /after"));
    }

    /** TE.0 and CL.0, which work where somebody holds a body for the next request. */
    @ParameterizedTest
    @CsvSource({
        "POST, 1.1, true", "OPTIONS, 1.1, true", "GET, 1.1, true", "HEAD, 1.1, true",
        "DELETE, 1.1, true", "POST, 1.1, false", "OPTIONS, 1.1, false", "GET, 1.1, false",
        "HEAD, 1.1, false", "POST, 1.0, false", "GET, 1.0, false",
    })
    void requestInABodyStaysInTheBody(String method, String version, boolean chunked) {
        String head = method + " /edge/a HTTP/" + version + "\r\nHost: h\r\nConnection: close\r\n";
        String size = Integer.toHexString(CANARY.length());

        String answer =
                send(
                        chunked
                                ? head
                                        + "Transfer-Encoding: chunked\r\n\r\n"
                                        + size
                                        + "\r\n"
                                        + CANARY
                                        + "\r\n0\r\nX-Trailer: 1\r\n\r\n"
                                : head
                                        + "Content-Length: "
                                        + CANARY.length()
                                        + "\r\n\r\n"
                                        + CANARY);

        assertThat(answer).startsWith("HTTP/1.1 200 ").containsOnlyOnce("HTTP/1.1 ");
        assertThat(unit.heads())
                .containsExactly(
                        unit.headFor(
                                method + " /a",
                                chunked
                                        ? "transfer-encoding: chunked\r\n"
                                        : "Content-Length: " + CANARY.length() + "\r\n"));
        assertThat(unit.requests().getFirst().text()).isEqualTo(CANARY);
    }

    @Test
    void twoRequestsInOneGoAreTwoRequests() {
        String answer =
                send(
                        "POST /edge/first HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"
                                + "3\r\nabc\r\n0\r\n\r\n"
                                + "GET /edge/second HTTP/1.1\r\nHost: h\r\n\r\n"
                                + "TRACE /edge/end HTTP/1.1\r\nHost: h\r\n\r\n");

        assertThat(answer)
                .containsSubsequence(
                        "HTTP/1.1 200 ", "/first", "HTTP/1.1 200 ", "/second", "HTTP/1.1 405 ");
        assertThat(unit.heads())
                .containsExactly(
                        unit.headFor("POST /first", "transfer-encoding: chunked\r\n"),
                        unit.headFor("GET /second"));
        assertThat(unit.requests().getFirst().text()).isEqualTo("abc");
    }

    @Test
    void refusalInARowIsTheLastAnswer() {
        String answer =
                send(
                        "GET /edge/first HTTP/1.1\r\nHost: h\r\n\r\n"
                                + "GET /edge/../second HTTP/1.1\r\nHost: h\r\n\r\n"
                                + get("/edge/third"));

        assertThat(answer)
                .startsWith("HTTP/1.1 200 ")
                .containsSubsequence("/first", "HTTP/1.1 400 ")
                .endsWith("\"code\":\"dot-segment\"}");
        assertThat(unit.heads()).containsExactly(unit.headFor("GET /first"));
    }

    @Test
    void largeBodyOfARefusedRequestDoesNotHideTheAnswer() {
        String answer =
                send(
                        "POST /edge/.. HTTP/1.1\r\nHost: h\r\nContent-Length: 300000\r\n\r\n"
                                + "x".repeat(300_000));

        assertThat(answer).startsWith("HTTP/1.1 400 ").endsWith("\"code\":\"dot-segment\"}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 200 OK\r\nX-A: b\rSet-Cookie: c=1\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nX-A: b\nSet-Cookie: c=1\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nX-A: b\u0000Set-Cookie: c=1\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nX-A\r\nSet-Cookie: c=1\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 200 OK\rSet-Cookie: c=1\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
            })
    void responseThatCannotBeParsedIsNotPassedOn(String response) {
        unit.becomes((request, reply) -> reply.raw(response));

        String answer = send("POST /edge/a HTTP/1.1\r\nHost: h\r\n" + END);

        assertThat(answer).startsWith("HTTP/1.1 502 ").doesNotContainIgnoringCase("set-cookie");
    }

    /** Each of these ends with its head, whatever a unit sends then. */
    @ParameterizedTest
    @CsvSource({
        "GET, 204, false", "GET, 304, false", "HEAD, 200, false",
        "GET, 204, true", "GET, 304, true", "HEAD, 200, true",
    })
    void whatAUnitSendsAfterTheEndIsNoResponseToAnybody(String method, int status, boolean part) {
        String more = "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n!";
        unit.becomes((request, reply) ->
                reply.raw(
                        "HTTP/1.1 "
                                + status
                                + " X\r\nContent-Length: "
                                + more.length()
                                + "\r\n\r\n"
                                + (part ? more.substring(0, 20) : more)));
        String one = send(method + " /edge/a HTTP/1.1\r\nHost: h\r\n" + END);
        unit.becomes((request, reply) -> reply.send(200, request.target()));

        String other = send("POST /edge/other HTTP/1.1\r\nHost: h\r\n" + END);

        assertThat(one).startsWith("HTTP/1.1 " + status + " ").doesNotContain("!");
        assertThat(other).startsWith("HTTP/1.1 200 ").endsWith("/other");
    }

    @Test
    void redirectIsLeftToTheClient() {
        unit.becomes((request, reply) -> reply.send(302, "", "Location: http://127.0.0.1:9/x"));

        assertThat(send(get("/edge/a")))
                .startsWith("HTTP/1.1 302 ")
                .containsIgnoringCase("location: http://127.0.0.1:9/x\r\n");
        assertThat(unit.requests()).hasSize(1);
    }

    @Test
    void managementPortHasItsOwnRules() {
        String answer =
                RawClient.exchange(
                        gateway.actuatorPort(),
                        "GET /actuator/info HTTP/1.1\r\nHost: h\r\nX_A: b\r\n" + END);

        assertThat(answer).startsWith("HTTP/1.1 200 ");
    }

    @Test
    void nothingIsAllowedByDefaultThatAnOperatorDidNotAskFor() {
        assertThat(
                        Objects.requireNonNull(
                                        gateway.bean(
                                                dev.lepton.gateway.settings.EdgeSettings.class))
                                .allow())
                .isEmpty();
    }
}
