package dev.lepton.supervisor.socketproxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RequestReaderTests {

    private static final String HOST = "Host: engine\r\n";

    @Test
    void theHeadIsReadAndNothingBehindIt() throws Exception {
        ByteArrayInputStream in =
                bytes(
                        "GET /a?b=c HTTP/1.1\r\nHost: engine:2375\r\nX-A:1\r\nx-a:  two words\t\r\nEmpty:\r\n\r\nrest");

        RequestHead request = new RequestReader(in).read();

        assertThat(request.method()).isEqualTo("GET");
        assertThat(request.target()).isEqualTo("/a?b=c");
        assertThat(request.values("host")).containsExactly("engine:2375");
        assertThat(request.values("x-a")).containsExactly("1", "two words");
        assertThat(request.values("empty")).containsExactly("");
        assertThat(in.readAllBytes()).isEqualTo("rest".getBytes(StandardCharsets.US_ASCII));
    }

    @Test
    void theOlderVersionIsReadAsWell() throws Exception {
        assertThat(read("HEAD /_ping HTTP/1.0\r\n" + HOST + "\r\n").target()).isEqualTo("/_ping");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "\r\n",
                "GET\r\n",
                "GET /\r\n",
                "GET  / HTTP/1.1\r\n",
                "GET /  HTTP/1.1\r\n",
                "GET\t/ HTTP/1.1\r\n",
                " GET / HTTP/1.1\r\n",
                "GET / HTTP/1.1 \r\n",
                "GET /a b HTTP/1.1\r\n",
                "GET / HTTP/1.2\r\n",
                "GET / HTTP/2.0\r\n",
                "GET / HTTP/0.9\r\n",
                "GET / http/1.1\r\n",
                "GET / HTTP/1.1x\r\n",
                "G(T / HTTP/1.1\r\n",
                "\r\nGET / HTTP/1.1\r\n",
                "GET /\u0000 HTTP/1.1\r\n",
                "GET /\u00e9 HTTP/1.1\r\n",
                "GET /\u007f HTTP/1.1\r\n",
                "GET / HTTP/1.1\n",
                "GET / HTTP/1.1\r",
                "GET / HTTP/1.1\r\r\n"
            })
    void aFirstLineThatIsNotExactlyOneIsMalformed(String line) {
        malformed(line + HOST + "\r\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "X\r\n",
                ": x\r\n",
                "X : x\r\n",
                " X: x\r\n",
                "X: a\r\n b\r\n",
                "X: a\r\n\tb\r\n",
                "X: a\nY: b\r\n",
                "X: a\n\r\n",
                "X: a\rY: b\r\n",
                "X: \u0000\r\n",
                "X: \u0001\r\n",
                "X: \u00e9\r\n",
                "X\u0000: a\r\n",
                "X(: a\r\n",
                "Host: other\r\n",
                "host: engine\r\n",
                "Content-Length: 0\r\nContent-Length: 0\r\n",
                "Content-Length: 0\r\ncontent-length: 5\r\n",
                "Content-Length: 0, 0\r\n",
                "Content-Length: -1\r\n",
                "Content-Length: +1\r\n",
                "Content-Length: 0x1\r\n",
                "Content-Length: 1 1\r\n",
                "Content-Length:\r\n",
                "Content-Length: 9999999999999999999\r\n",
                "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
                "Transfer-Encoding: chunked\r\nContent-Length: 0\r\n"
            })
    void headersThatTwoReadersCouldReadDifferentlyAreMalformed(String headers) {
        malformed("GET / HTTP/1.1\r\n" + HOST + headers + "\r\n");
    }

    @Test
    void aRequestWithoutAHostIsMalformed() {
        malformed("GET / HTTP/1.1\r\n\r\n");
    }

    @Test
    void aRequestThatEndsWithinItsHeadIsMalformed() {
        String whole = "GET / HTTP/1.1\r\n" + HOST + "\r\n";
        for (int length = 0; length < whole.length(); length++) {
            malformed(whole.substring(0, length));
        }
    }

    @Test
    void aLineMayHave8192BytesAndNotOneMore() throws Exception {
        String line = "GET /%s HTTP/1.1\r\n";
        int rest = "GET / HTTP/1.1".length();

        assertThat(read(line.formatted("x".repeat(8192 - rest)) + HOST + "\r\n").target())
                .hasSize(8192 - rest + 1);
        malformed(line.formatted("x".repeat(8193 - rest)) + HOST + "\r\n");
    }

    @Test
    void sixtyFourHeaderLinesAreTheMost() throws Exception {
        String first = "GET / HTTP/1.1\r\n" + HOST;

        assertThat(read(first + "X: a\r\n".repeat(63) + "\r\n").values("x")).hasSize(63);
        malformed(first + "X: a\r\n".repeat(64) + "\r\n");
    }

    @Test
    void aHeadMayHave16384BytesAndNotOneMore() throws Exception {
        String first = "GET / HTTP/1.1\r\n" + HOST;
        String line = ("X: " + "a".repeat(5000) + "\r\n").repeat(2);
        int left = 16_384 - first.length() - line.length() - "Y: \r\n\r\n".length();

        assertThat(read(first + line + "Y: " + "b".repeat(left) + "\r\n\r\n").values("y"))
                .isEqualTo(List.of("b".repeat(left)));
        malformed(first + line + "Y: " + "b".repeat(left + 1) + "\r\n\r\n");
    }

    private static void malformed(String text) {
        assertThatExceptionOfType(MalformedRequest.class).as(text).isThrownBy(() -> read(text));
    }

    private static RequestHead read(String text) throws Exception {
        return new RequestReader(bytes(text)).read();
    }

    private static ByteArrayInputStream bytes(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.ISO_8859_1));
    }
}
