package dev.lepton.gateway.edge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lepton.gateway.settings.EdgeSettings;
import dev.lepton.gateway.settings.EdgeSettings.Allowance;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.util.unit.DataSize;

class RequestRulesTests {

    private static final RequestRules RULES = new RequestRules(PathRulesTests.allowing());

    private static HttpRequest get(String target) {
        return request("GET", target, "HTTP/1.1");
    }

    private static HttpRequest request(String method, String target, String version) {
        return new DefaultHttpRequest(
                HttpVersion.valueOf(version), HttpMethod.valueOf(method), target);
    }

    private static HttpRequest with(HttpRequest request, String... headers) {
        for (int i = 0; i < headers.length; i += 2) {
            request.headers().add(headers[i], headers[i + 1]);
        }
        return request;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "h",
                "h:80",
                "my_service:8080",
                "a.example",
                "127.0.0.1:1",
                "[::1]",
                "[::1]:8080",
            })
    void hostPasses(String host) {
        assertThat(RULES.check(with(get("/a"), "Host", host))).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "a b",
                "a/b",
                "a?b",
                "u@h",
                "a,b",
                "h:",
                "h:x",
                "::1",
                "[::1",
                "h:123456"
            })
    void hostThatIsNoneIsRefused(String host) {
        assertThat(RULES.check(with(get("/a"), "Host", host))).isEqualTo(Refusal.HOST);
    }

    @Test
    void oneHostIsNeededAndInVersion10AtMostOne() {
        assertThat(RULES.check(get("/a"))).isEqualTo(Refusal.HOST);
        assertThat(RULES.check(with(get("/a"), "Host", "a", "Host", "a"))).isEqualTo(Refusal.HOST);
        assertThat(RULES.check(request("GET", "/a", "HTTP/1.0"))).isNull();
        assertThat(RULES.check(with(request("GET", "/a", "HTTP/1.0"), "Host", "a", "Host", "a")))
                .isEqualTo(Refusal.HOST);
    }

    @ParameterizedTest
    @CsvSource({
        "http://h/a, h, true",
        "http://H/a, h, true",
        "HTTP://h:80/a, h, true",
        "http://h, h:80, true",
        "http://h?q, h, true",
        "https://h:443/a, h, true",
        "http://h:443/a, h, false",
        "http://h:8080/a, h, false",
        "http://other/a, h, false",
        "http://u@h/a, h, false",
        "http:///a, h, false",
    })
    void authorityOfTheTargetMustBeTheHost(String target, String host, boolean passes) {
        assertThat(RULES.check(with(get(target), "Host", host)))
                .isEqualTo(passes ? null : Refusal.HOST);
    }

    @Test
    void authorityStandsForTheHostThatVersion10MayLack() {
        assertThat(RULES.check(request("GET", "http://h/a", "HTTP/1.0"))).isNull();
        assertThat(RULES.check(request("GET", "http://u@h/a", "HTTP/1.0"))).isEqualTo(Refusal.HOST);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "*", "h:80", "ftp://h/a", "file:///a", "/a#b", "/a?b#c", "?q"})
    void targetThatIsNoPathIsRefused(String target) {
        assertThat(RULES.check(with(get(target), "Host", "h"))).isEqualTo(Refusal.TARGET);
    }

    @Test
    void pathOfEitherFormIsChecked() {
        assertThat(RULES.check(with(get("/a/../b"), "Host", "h"))).isEqualTo(Refusal.DOT_SEGMENT);
        assertThat(RULES.check(with(get("http://h/a/../b"), "Host", "h")))
                .isEqualTo(Refusal.DOT_SEGMENT);
        assertThat(RULES.check(with(get("/a?/../b//;%00%2f"), "Host", "h"))).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/a?\u0001", "/a?\u007f", "/a?\u00e9"})
    void byteInAQueryThatIsNotVisibleIsRefused(String target) {
        assertThat(RULES.check(with(get(target), "Host", "h"))).isEqualTo(Refusal.QUERY_CHARACTER);
    }

    @ParameterizedTest
    @ValueSource(strings = {"TRACE", "CONNECT", "trace", "Connect"})
    void methodIsRefused(String method) {
        assertThat(RULES.check(with(request(method, "/a", "HTTP/1.1"), "Host", "h")))
                .isEqualTo(Refusal.METHOD);
    }

    @ParameterizedTest
    @ValueSource(strings = {"HTTP/0.9", "HTTP/1.2", "HTTP/2.0", "HTTP/3.7", "ICAP/1.1"})
    void versionIsRefused(String version) {
        assertThat(RULES.check(with(request("GET", "/a", version), "Host", "h")))
                .isEqualTo(Refusal.VERSION);
    }

    @ParameterizedTest
    @CsvSource({
        "HTTP/1.1, chunked, true",
        "HTTP/1.1, Chunked, true",
        "HTTP/1.0, chunked, false",
        "HTTP/1.1, 'gzip, chunked', false",
        "HTTP/1.1, identity, false",
        "HTTP/1.1, 'chunked, chunked', false",
    })
    void transferEncodingIsChunkedAlone(String version, String encoding, boolean passes) {
        assertThat(
                        RULES.check(
                                with(
                                        request("POST", "/a", version),
                                        "Host",
                                        "h",
                                        "Transfer-Encoding",
                                        encoding)))
                .isEqualTo(passes ? null : Refusal.TRANSFER_ENCODING);
    }

    @Test
    void hundredHeadersPassAndOneMoreDoesNot() {
        HttpRequest request = with(get("/a"), "Host", "h");
        for (int i = 1; i < RequestRules.MOST_HEADERS; i++) {
            request.headers().add("X-" + i, "1");
        }
        assertThat(RULES.check(request)).isNull();

        request.headers().add("X-1", "2");

        assertThat(RULES.check(request)).isEqualTo(Refusal.TOO_MANY_HEADERS);
    }

    @Test
    void underscoreInANameIsRefusedUnlessItIsAllowed() {
        HttpRequest request = with(get("/a"), "Host", "h", "X_Forwarded_For", "6.6.6.6");

        assertThat(RULES.check(request)).isEqualTo(Refusal.HEADER_NAME);
        assertThat(
                        new RequestRules(PathRulesTests.allowing(Allowance.UNDERSCORE_HEADERS))
                                .check(request))
                .isNull();
    }

    @ParameterizedTest
    @CsvSource({"1000, true", "1001, false"})
    void announcedLengthIsHeldAgainstTheLimit(String length, boolean passes) {
        RequestRules limited =
                new RequestRules(
                        new EdgeSettings(
                                Set.of(),
                                Duration.ofSeconds(1),
                                Duration.ofSeconds(1),
                                DataSize.ofBytes(1000),
                                1,
                                1));

        assertThat(
                        limited.check(
                                with(
                                        request("POST", "/a", "HTTP/1.1"),
                                        "Host",
                                        "h",
                                        "Content-Length",
                                        length)))
                .isEqualTo(passes ? null : Refusal.BODY_TOO_LARGE);
    }

    @Test
    void whatTheCodecCouldNotParseIsToldByItsCause() {
        assertThat(RULES.check(unparsed(new TooLongHttpLineException("x"))))
                .isEqualTo(Refusal.LINE_TOO_LONG);
        assertThat(RULES.check(unparsed(new TooLongHttpHeaderException("x"))))
                .isEqualTo(Refusal.HEADERS_TOO_LARGE);
        assertThat(RULES.check(unparsed(new IllegalArgumentException("x"))))
                .isEqualTo(Refusal.MALFORMED);
    }

    private static HttpRequest unparsed(Throwable cause) {
        HttpRequest request = with(get("/a"), "Host", "h");
        request.setDecoderResult(DecoderResult.failure(cause));
        return request;
    }
}
