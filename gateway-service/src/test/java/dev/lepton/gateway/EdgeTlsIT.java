package dev.lepton.gateway;

import static dev.lepton.gateway.RawHttp2Client.END_HEADERS;
import static dev.lepton.gateway.RawHttp2Client.END_STREAM;
import static dev.lepton.gateway.RawHttp2Client.HEADERS;
import static dev.lepton.gateway.RawHttp2Client.headers;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lepton.gateway.RawHttp2Client.Answer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The rules of the edge where the protocol is agreed on in a TLS handshake (ALPN). */
@ExtendWith(LeakCheck.class)
class EdgeTlsIT {

    private static final String PASSWORD = "changeit";
    private static final int ONE = 1;

    private static RunningGateway gateway;
    private static StubUnit unit;
    private static SSLContext trust;

    @BeforeAll
    static void start(@TempDir Path home) throws Exception {
        Path keys = home.resolve("keys.p12");
        makeKeys(keys);
        trust = trusting(keys);
        gateway =
                RunningGateway.start(
                        home,
                        "--server.http2.enabled=true",
                        "--server.ssl.key-store=" + keys.toUri(),
                        "--server.ssl.key-store-password=" + PASSWORD);
        unit = StubUnit.start("tls-1", (request, reply) -> reply.send(200, request.target()));
        gateway.up("tls", unit);
    }

    private static void makeKeys(Path keys) throws IOException, InterruptedException {
        Process keytool =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "keytool")
                                        .toString(),
                                "-genkeypair",
                                "-alias",
                                "edge",
                                "-keyalg",
                                "EC",
                                "-dname",
                                "CN=localhost",
                                "-ext",
                                "san=dns:localhost,ip:127.0.0.1",
                                "-storetype",
                                "PKCS12",
                                "-storepass",
                                PASSWORD,
                                "-keystore",
                                keys.toString())
                        .redirectErrorStream(true)
                        .start();
        String said = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(keytool.waitFor()).as(said).isZero();
    }

    private static SSLContext trusting(Path keys) throws GeneralSecurityException, IOException {
        KeyStore own = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(keys)) {
            own.load(in, PASSWORD.toCharArray());
        }
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("edge", own.getCertificate("edge"));
        TrustManagerFactory managers =
                TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        managers.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, managers.getTrustManagers(), null);
        return context;
    }

    @AfterAll
    static void stop() {
        gateway.close();
        unit.close();
    }

    @AfterEach
    void forget() {
        unit.requests().clear();
    }

    private static SSLSocket connect(String protocol) throws IOException {
        SSLSocket socket =
                (SSLSocket)
                        trust.getSocketFactory()
                                .createSocket(InetAddress.getLoopbackAddress(), gateway.port());
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setApplicationProtocols(new String[] {protocol});
        socket.setSSLParameters(parameters);
        socket.setSoTimeout(10_000);
        socket.startHandshake();
        assertThat(socket.getApplicationProtocol()).isEqualTo(protocol);
        return socket;
    }

    private static byte[] get(String path) {
        return headers(":method", "GET", ":scheme", "https", ":path", path, ":authority", "h");
    }

    @Test
    void requestInHttp2ReachesTheUnitAndARefusedOneDoesNot() throws IOException {
        try (RawHttp2Client client = new RawHttp2Client(connect("h2"))) {
            client.send(HEADERS, END_HEADERS | END_STREAM, ONE, get("/tls/../admin"));
            assertThat(client.answer(ONE).body()).endsWith("\"code\":\"dot-segment\"}");

            client.send(HEADERS, END_HEADERS | END_STREAM, 3, get("/tls/a?f[x]=%27|"));
            assertThat(client.answer(3)).isEqualTo(new Answer(200, "/a?f[x]=%27|", -1));
        }
        assertThat(unit.requests()).hasSize(1);
        assertThat(unit.requests().getFirst().header("X-Forwarded-Proto")).containsExactly("https");
    }

    @ParameterizedTest
    @CsvSource({
        "/tls/a, '', HTTP/1.1 200 , /a",
        "/tls/../a, '', HTTP/1.1 400 , dot-segment",
        "/tls/a, X_A: b, HTTP/1.1 400 , header-name",
        "/tls/a, 'X-A: b\r\n c', HTTP/1.1 400 , folded-header",
    })
    void rulesOfHttp1HoldAsWell(String path, String header, String begin, String holds)
            throws IOException {
        try (SSLSocket socket = connect("http/1.1")) {
            socket.getOutputStream()
                    .write(
                            ("GET "
                                            + path
                                            + " HTTP/1.1\r\nHost: h\r\nConnection: close\r\n"
                                            + (header.isEmpty() ? "" : header + "\r\n")
                                            + "\r\n")
                                    .getBytes(StandardCharsets.US_ASCII));

            String answer =
                    new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);

            assertThat(answer).startsWith(begin).contains(holds);
        }
    }
}
