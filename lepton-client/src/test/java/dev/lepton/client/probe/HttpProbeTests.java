package dev.lepton.client.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HttpProbeTests {

    private final HttpProbe probe = new HttpProbe(Duration.ofSeconds(20));
    private final ServerSocket server = listening();

    @AfterEach
    void close() throws IOException {
        server.close();
    }

    @ParameterizedTest
    @CsvSource({
        "HTTP/1.1 200 OK, true",
        "HTTP/1.1 204, true",
        "HTTP/1.0 299 Fine, true",
        "HTTP/1.1 199 Early, false",
        "HTTP/1.1 302 Found, false",
        "HTTP/1.1 503 Service Unavailable, false",
        "SSH-2.0-OpenSSH 200, false",
    })
    void onlyTwoHundredsAreGood(String statusLine, boolean good) {
        CompletableFuture<String> asked = answering(statusLine + "\r\nA: b\r\n\r\n{\"a\":1}");

        HttpProbe.Outcome outcome = probe.ask(url("/actuator/health?deep=true"));

        assertThat(outcome).isEqualTo(new HttpProbe.Outcome(good, statusLine, "{\"a\":1}"));
        assertThat(asked.join()).isEqualTo("GET /actuator/health?deep=true HTTP/1.0");
    }

    @Test
    void aConnectionThatIsClosedWithoutAnAnswerIsNotGood() {
        CompletableFuture<String> asked = answering("");

        assertThat(probe.ask(url("")).what())
                .isEqualTo("the connection was closed without an answer");
        assertThat(asked.join()).isEqualTo("GET / HTTP/1.0");
    }

    @Test
    void aServerThatNeverAnswersIsGivenUp() {
        HttpProbe.Outcome outcome = new HttpProbe(Duration.ofMillis(50)).ask(url("/"));

        assertThat(outcome).isEqualTo(HttpProbe.Outcome.none("no answer within PT0.05S"));
    }

    @Test
    void aPortOnWhichNobodyListensIsNotGood() throws IOException {
        server.close();

        assertThat(probe.ask(url("/")).what()).contains("refused");
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://127.0.0.1/", "127.0.0.1:8080", "http:///health", "no url"})
    void whatIsNoHttpUrlIsRefused(String url) {
        assertThatThrownBy(() -> probe.ask(url)).isInstanceOf(IllegalArgumentException.class);
    }

    private String url(String path) {
        return "http://127.0.0.1:" + server.getLocalPort() + path;
    }

    /** Answers one request with these bytes, and tells its first line. */
    private CompletableFuture<String> answering(String answer) {
        return CompletableFuture.supplyAsync(() -> {
            try (Socket client = server.accept()) {
                StringBuilder request = new StringBuilder();
                while (request.indexOf("\r\n\r\n") < 0) {
                    request.append((char) client.getInputStream().read());
                }
                client.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
                return request.substring(0, request.indexOf("\r\n"));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    private static ServerSocket listening() {
        try {
            return new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
