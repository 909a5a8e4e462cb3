package dev.lepton.gateway;

import static dev.lepton.gateway.RawHttp2Client.CONTINUATION;
import static dev.lepton.gateway.RawHttp2Client.END_HEADERS;
import static dev.lepton.gateway.RawHttp2Client.END_STREAM;
import static dev.lepton.gateway.RawHttp2Client.ENHANCE_YOUR_CALM;
import static dev.lepton.gateway.RawHttp2Client.GOAWAY;
import static dev.lepton.gateway.RawHttp2Client.HEADERS;
import static dev.lepton.gateway.RawHttp2Client.RST_STREAM;
import static dev.lepton.gateway.RawHttp2Client.SETTINGS;
import static dev.lepton.gateway.RawHttp2Client.frame;
import static dev.lepton.gateway.RawHttp2Client.headers;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What a client may send in HTTP/2 where that is enabled, and what of it a unit gets. */
@ExtendWith(LeakCheck.class)
class EdgeHttp2IT {

    private static final int ONE = 1;

    private static RunningGateway gateway;
    private static StubUnit unit;

    @BeforeAll
    static void start(@TempDir Path home) {
        gateway = RunningGateway.start(home, "--server.http2.enabled=true");
        unit = StubUnit.good("two-1");
        gateway.up("two", unit);
    }

    @AfterAll
    static void stop() {
        gateway.close();
        unit.close();
    }

    @BeforeEach
    void forget() {
        unit.requests().clear();
    }

    private static byte[] get(String path, String... more) {
        String[] all = new String[8 + more.length];
        String[] pseudo = {":method", "GET", ":scheme", "http", ":path", path, ":authority", "h"};
        System.arraycopy(pseudo, 0, all, 0, pseudo.length);
        System.arraycopy(more, 0, all, pseudo.length, more.length);
        return headers(all);
    }

    @Test
    void requestReachesTheUnit() throws IOException {
        try (RawHttp2Client client = new RawHttp2Client(gateway.port())) {
            client.send(HEADERS, END_HEADERS | END_STREAM, ONE, get("/two/a?f[x]=%27"));

            assertThat(client.next(frame -> frame.type() == HEADERS).status()).isEqualTo(200);
        }
        assertThat(unit.requests().getFirst().target()).isEqualTo("/a?f[x]=%27");
    }

    @Test
    void hundredStreamsMayBeOpen() throws IOException {
        try (RawHttp2Client client = new RawHttp2Client(gateway.port())) {
            RawHttp2Client.Frame settings = client.next(frame -> frame.type() == SETTINGS);

            assertThat(settings.payload()).containsSequence(0, 3, 0, 0, 0, 100);
        }
    }

    static Stream<Arguments> requestsThatAreRefused() {
        return Stream.of(
                Arguments.of("dot segment", get("/two/../admin")),
                Arguments.of("encoded slash", get("/two/a%2fb")),
                Arguments.of("semicolon", get("/two/a;b")),
                Arguments.of("underscore", get("/two/a", "x_forwarded_for", "6.6.6.6")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("requestsThatAreRefused")
    void requestIsRefused(String name, byte[] block) throws IOException {
        try (RawHttp2Client client = new RawHttp2Client(gateway.port())) {
            client.send(HEADERS, END_HEADERS | END_STREAM, ONE, block);

            assertRefused(client);
        }
        assertThat(unit.requests()).isEmpty();
    }

    private static void assertRefused(RawHttp2Client client) throws IOException {
        RawHttp2Client.Frame answer =
                client.next(frame ->
                        frame.type() == HEADERS
                                || frame.type() == RST_STREAM
                                || frame.type() == GOAWAY);

        assertThat(answer == null || answer.type() != HEADERS || answer.status() != 200).isTrue();
    }

    @Test
    void floodOfEmptyContinuationsEndsTheConnection() throws IOException {
        ByteArrayOutputStream flood = new ByteArrayOutputStream();
        flood.writeBytes(frame(HEADERS, END_STREAM, ONE, get("/two/a")));
        for (int i = 0; i < 100_000; i++) {
            flood.writeBytes(frame(CONTINUATION, 0, ONE, new byte[0]));
        }

        assertEndsCalmly(flood.toByteArray());
        assertThat(unit.requests()).isEmpty();
    }

    private static void assertEndsCalmly(byte[] flood) throws IOException {
        try (RawHttp2Client client = new RawHttp2Client(gateway.port())) {
            try {
                client.send(flood);
            } catch (IOException closed) {
                // It is not read to its end.
            }

            RawHttp2Client.Frame last = client.next(frame -> frame.type() == GOAWAY);

            assertThat(last).isNotNull();
            assertThat(last.error()).isEqualTo(ENHANCE_YOUR_CALM);
        }
    }
}
