package dev.lepton.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The same of HTTP/1 at a gateway that takes HTTP/2 on the same port. */
class EdgeBesideHttp2IT extends EdgeIT {

    private static final String UPGRADE =
            "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n";

    @Override
    String[] settings() {
        return new String[] {"--server.http2.enabled=true"};
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /edge/a HTTP/1.1\r\nHost: h\r\n" + UPGRADE + "\r\n",
                "GET /edge/a HTTP/1.1\r\nHost: h\r\n" + UPGRADE + "Content-Length: 0\r\n\r\n",
            })
    void upgradeByAHeaderIsIgnored(String bytes) {
        String answer = send(bytes + "GET /edge/second HTTP/1.1\r\nHost: h\r\n" + END);

        assertThat(answer).startsWith("HTTP/1.1 200 ").containsOnlyOnce("HTTP/1.1 ").endsWith("/a");
        assertThat(unit.requests()).hasSize(1);
        assertThat(unit.requests().getFirst().headers())
                .doesNotContainKeys("upgrade", "http2-settings");
    }

    @Test
    void upgradeWithABodyIsARequestWithABody() {
        String answer =
                send(
                        "POST /edge/a HTTP/1.1\r\nHost: h\r\n"
                                + UPGRADE
                                + "Content-Length: 3\r\n\r\nabcGET /edge/second HTTP/1.1\r\nHost: h\r\n"
                                + END);

        assertThat(answer).startsWith("HTTP/1.1 200 ").containsOnlyOnce("HTTP/1.1 ").endsWith("/a");
        assertThat(unit.requests()).hasSize(1);
        assertThat(unit.requests().getFirst().text()).isEqualTo("abc");
    }

    @Test
    void upgradeDoesNotGoPastTheRules() {
        String answer = send("GET /edge/../admin HTTP/1.1\r\nHost: h\r\n" + UPGRADE + "\r\n");

        assertThat(answer).startsWith("HTTP/1.1 400 ").endsWith("\"code\":\"dot-segment\"}");
        assertThat(unit.requests()).isEmpty();
    }

    @Test
    @Override
    void prefaceOfHttp2IsNone() {
        String answer =
                send("GET /edge/a HTTP/1.1\r\nHost: h\r\n\r\n" + RawHttp2Client.PREFACE + "\0\0\0");

        assertThat(answer).startsWith("HTTP/1.1 200 ").endsWith("\"code\":\"version\"}");
        assertThat(unit.requests()).hasSize(1);
    }

    @Test
    void requestThatBeginsLikeThePrefaceIsOneOfHttp1() throws IOException {
        try (Socket client = new Socket(InetAddress.getLoopbackAddress(), gateway.port())) {
            client.setSoTimeout(10_000);
            client.setTcpNoDelay(true);
            for (String part :
                    new String[] {
                        "P", "R", "OPFIND /edge/a HTTP/1.1\r\nHost: h\r\n" + END,
                    }) {
                client.getOutputStream().write(part.getBytes(StandardCharsets.ISO_8859_1));
            }

            assertThat(
                            new String(
                                    client.getInputStream().readAllBytes(),
                                    StandardCharsets.ISO_8859_1))
                    .startsWith("HTTP/1.1 200 ");
        }
        assertThat(unit.requests().getFirst().method()).isEqualTo("PROPFIND");
    }
}
