package dev.lepton.gateway.edge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lepton.gateway.settings.EdgeSettings;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.springframework.util.unit.DataSize;

class RequestGuardTests {

    private static final String GOOD = "GET /good HTTP/1.1\r\nHost: h\r\n\r\n";
    private static final String BAD = "GET /../bad HTTP/1.1\r\nHost: h\r\n\r\n";
    private static final String POST =
            "POST /post HTTP/1.1\r\nHost: h\r\nContent-Length: 100\r\n\r\n";

    private final GuardedChannel channel = new GuardedChannel(PathRulesTests.allowing());

    @Test
    void refusalIsAProblemAndTheEndOfTheConnection() {
        channel.receive(BAD);

        assertThat(channel.sent())
                .isEqualTo(
                        """
                        HTTP/1.1 400 Bad Request\r
                        content-type: application/problem+json\r
                        content-length: 143\r
                        connection: close\r
                        \r
                        {"type":"urn:lepton:problem:dot-segment","title":"Bad Request","status":400,\
                        "detail":"the path has a segment '.' or '..'","code":"dot-segment"}\
                        """);
        assertThat(channel.channel.isOpen()).isFalse();
        assertThat(channel.refused(Refusal.DOT_SEGMENT)).isEqualTo(1);
    }

    @Test
    void refusalWaitsForTheAnswersBeforeItAndNothingAfterItIsRead() {
        channel.receive(GOOD + GOOD + BAD + GOOD);
        channel.receive(GOOD);
        assertThat(channel.sent()).isEmpty();
        channel.respond();
        assertThat(channel.sent()).startsWith("HTTP/1.1 200 ").doesNotContain("400");

        channel.respond();

        assertThat(channel.sent())
                .matches("(?s)HTTP/1.1 200 OK\r\n.*\r\n\r\nHTTP/1.1 400 Bad Request\r\n.*");
        assertThat(channel.targets).containsExactly("/good", "/good");
        assertThat(channel.channel.isOpen()).isFalse();
    }

    @Test
    void interimResponseIsNoAnswer() {
        channel.receive(GOOD + BAD);

        channel.channel.writeOutbound(
                new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.CONTINUE));

        assertThat(channel.sent()).startsWith("HTTP/1.1 100 ").doesNotContain("400");
    }

    @Test
    void headOfTheHeadMethodIsRefusedWithoutABody() {
        channel.receive(BAD.replace("GET", "HEAD"));

        assertThat(channel.sent()).startsWith("HTTP/1.1 400 ").endsWith("\r\n\r\n");
    }

    @Test
    void refusedMethodNamesTheOthers() {
        channel.receive(BAD.replace("GET", "TRACE"));

        assertThat(channel.sent()).startsWith("HTTP/1.1 405 ").contains("\r\nallow: GET, ");
    }

    @Test
    void bodyThatStopsIsRefusedAfterTheLimitAndNotBefore() {
        channel.receive(POST + "x");
        channel.advanceMillis(9_999);
        channel.receive("x");
        channel.advanceMillis(9_999);
        assertThat(channel.sent()).isEmpty();

        channel.advanceMillis(1);

        assertThat(channel.sent()).startsWith("HTTP/1.1 408 ").contains("body-timeout");
        assertThat(channel.channel.isOpen()).isFalse();
        assertThat(channel.refused(Refusal.BODY_TIMEOUT)).isEqualTo(1);
    }

    @Test
    void bodyThatIsCompleteHasNoLimitAnyMore() {
        channel.receive(POST + "x");
        channel.receive("x".repeat(99));
        channel.advanceMillis(60_000);

        assertThat(channel.channel.isOpen()).isTrue();
    }

    @Test
    void noTimePassesWhileNothingIsAskedFor() {
        channel.receive(POST + "x");
        channel.channel.config().setAutoRead(false);
        channel.advanceMillis(60_000);
        assertThat(channel.sent()).isEmpty();

        channel.channel.config().setAutoRead(true);
        channel.advanceMillis(10_000);
        channel.advanceMillis(10_000);

        assertThat(channel.sent()).startsWith("HTTP/1.1 408 ");
    }

    @Test
    void responseThatHasBegunIsNotHeldUpByTheRestOfTheBody() {
        channel.receive(POST + "x");
        channel.beginToRespond();
        channel.advanceMillis(60_000);

        assertThat(channel.channel.isOpen()).isTrue();
    }

    @Test
    void restOfABodyThatNobodyWantsHasTheLimitInAll() {
        channel.receive(POST + "x");
        channel.respond();
        channel.advanceMillis(6_000);
        channel.receive("x");
        channel.advanceMillis(3_999);
        assertThat(channel.channel.isOpen()).isTrue();

        channel.advanceMillis(1);

        assertThat(channel.channel.isOpen()).isFalse();
        assertThat(channel.sent()).startsWith("HTTP/1.1 200 ").doesNotContain("408");
    }

    @Test
    void nextRequestAfterARestHasAllItsTime() {
        channel.receive(POST + "x");
        channel.respond();
        channel.advanceMillis(6_000);
        channel.receive("x".repeat(99) + POST + "x");
        channel.advanceMillis(6_000);

        assertThat(channel.channel.isOpen()).isTrue();
    }

    @Test
    void bodyBeyondTheLimitIsRefusedAlsoWhenItIsNotAnnounced() {
        GuardedChannel limited =
                new GuardedChannel(
                        new EdgeSettings(
                                Set.of(),
                                Duration.ofSeconds(10),
                                Duration.ofSeconds(10),
                                DataSize.ofBytes(5),
                                10,
                                10));

        limited.receive(
                "POST /x HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n12345\r\n");
        assertThat(limited.sent()).isEmpty();
        limited.receive("1\r\n6\r\n0\r\n\r\n");

        assertThat(limited.sent()).startsWith("HTTP/1.1 413 ").contains("body-too-large");
        assertThat(limited.bodies).hasToString("12345");
    }

    @Test
    void connectionThatBreaksInAHeadIsNoRefusal() {
        channel.receive("GET /x HTTP/1.1\r\nHost");

        channel.channel.close();

        assertThat(channel.refused(Refusal.MALFORMED)).isZero();
        assertThat(channel.sent()).isEmpty();
    }

    @Test
    void afterAnUpgradeAllBytesPass() {
        channel.receive(GOOD);

        channel.channel.writeOutbound(
                new DefaultFullHttpResponse(
                        HttpVersion.HTTP_1_1, HttpResponseStatus.SWITCHING_PROTOCOLS));

        assertThat(channel.channel.pipeline().get(RequestGuard.class)).isNull();
        assertThat(channel.channel.pipeline().get(HeadGuard.class)).isNull();
    }

    @Test
    void targetGoesOnAsAPathAndItsQueryBesideIt() {
        channel.receive("GET http://h?q={a} HTTP/1.1\r\nHost: h\r\n\r\n");

        assertThat(channel.targets).containsExactly("/?q=%7Ba%7D");
    }
}
