package dev.lepton.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What the edge waits for, how much it takes, what it can be told to allow, and whom to believe.
 */
@ExtendWith(LeakCheck.class)
class EdgeLimitsIT {

    private static final Duration LIMIT = Duration.ofMillis(800);
    private static final int PER_ADDRESS = 5;
    private static final String POST = "POST /limits/a HTTP/1.1\r\nHost: h\r\n";

    private static RunningGateway gateway;
    private static StubUnit unit;

    private final List<AutoCloseable> closed = new ArrayList<>();

    @BeforeAll
    static void start(@TempDir Path home) {
        gateway =
                RunningGateway.start(
                        home,
                        "--lepton.gateway.edge.header-timeout=" + LIMIT.toMillis() + "ms",
                        "--lepton.gateway.edge.body-idle=" + LIMIT.toMillis() + "ms",
                        "--lepton.gateway.edge.max-body=30MB",
                        "--lepton.gateway.edge.max-connections-per-address=" + PER_ADDRESS,
                        "--lepton.gateway.edge.allow=encoded-slash,semicolon,empty-segments,"
                                + "double-encoding,underscore-headers",
                        "--lepton.gateway.trusted-proxies=127.0.0.8/30");
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
        unit.requests().clear();
    }

    private Socket connect() throws IOException {
        Socket client = new Socket(InetAddress.getLoopbackAddress(), gateway.port());
        closed.add(client);
        return client;
    }

    private static void send(Socket client, String bytes) throws IOException {
        client.getOutputStream().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** Sends one more byte each time nothing came for a while, until the other side ends it. */
    private static String drip(Socket client, Duration pause) throws IOException {
        client.setSoTimeout((int) pause.toMillis());
        StringBuilder seen = new StringBuilder();
        long begin = System.nanoTime();
        while (System.nanoTime() - begin < Duration.ofSeconds(10).toNanos()) {
            try {
                int c = client.getInputStream().read();
                if (c < 0) {
                    return seen.toString();
                }
                seen.append((char) c);
            } catch (SocketTimeoutException e) {
                send(client, "a");
            } catch (IOException e) {
                return seen.toString();
            }
        }
        throw new IllegalStateException("not closed, after: " + seen);
    }

    private static String rest(Socket client) throws IOException {
        client.setSoTimeout(10_000);
        return new String(client.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    }

    @Test
    void headThatDripsIsAnswered408() throws Exception {
        Socket client = connect();
        long begin = System.nanoTime();
        send(client, "GET /limits/a HTTP/1.1\r\nHost: h\r\nX-A: ");

        String answer = drip(client, LIMIT.dividedBy(10));

        assertThat(answer).startsWith("HTTP/1.1 408 ").endsWith("\"code\":\"header-timeout\"}");
        assertThat(Duration.ofNanos(System.nanoTime() - begin))
                .isBetween(LIMIT, LIMIT.multipliedBy(6));
        assertThat(unit.requests()).isEmpty();
    }

    @Test
    void nextHeadOnAConnectionHasTheSameDeadline() throws Exception {
        Socket client = connect();
        send(client, "GET /limits/a HTTP/1.1\r\nHost: h\r\n\r\nGET /limits/b");

        String answer = drip(client, LIMIT.dividedBy(10));

        assertThat(answer).startsWith("HTTP/1.1 200 ").endsWith("\"code\":\"header-timeout\"}");
        assertThat(unit.requests()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({"Content-Length: 100, ''", "Transfer-Encoding: chunked, 4"})
    void bodyThatStopsIsAnswered408AndItsUnitLetGo(String framing, String size) throws Exception {
        StubUnit own = StubUnit.good("let-go-1");
        closed.add(own);
        gateway.up("let-go", own);
        Socket client = connect();
        send(
                client,
                POST.replace("/limits/", "/let-go/")
                        + framing
                        + "\r\n\r\n"
                        + (size.isEmpty() ? "" : size + "\r\n")
                        + "half");

        String answer = rest(client);

        assertThat(answer)
                .startsWith("HTTP/1.1 408 ")
                .endsWith("\"code\":\"body-timeout\"}")
                .containsOnlyOnce("HTTP/1.1 ");
        await().atMost(Duration.ofSeconds(5))
                .until(() -> gateway.tracked(own).inFlight() == 0 && own.openConnections() == 0);
        assertThat(own.requests()).isEmpty();
    }

    @Test
    void bodyThatGoesOnPassesHoweverSlow() throws Exception {
        Socket client = connect();
        send(client, POST + "Connection: close\r\nContent-Length: 12\r\n\r\n");

        String answer = drip(client, LIMIT.dividedBy(5));

        assertThat(answer).startsWith("HTTP/1.1 200 ");
        assertThat(unit.requests().getFirst().text()).isEqualTo("a".repeat(12));
    }

    private void up(String service, SocketUnit.Behaviour behaviour) throws IOException {
        SocketUnit unit = SocketUnit.start(behaviour);
        closed.add(unit);
        gateway.put(unit.view(service));
        gateway.push();
    }

    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    @Test
    void clientIsNotToBlameForAUnitThatReadsLate() throws Exception {
        int size = 20_000_000;
        up(
                "late",
                socket -> {
                    LockSupport.parkNanos(LIMIT.multipliedBy(3).toNanos());
                    InputStream in = socket.getInputStream();
                    byte[] buffer = new byte[65_536];
                    for (long seen = 0; seen < size; ) {
                        seen += in.read(buffer);
                    }
                    send(socket, OK);
                    in.transferTo(java.io.OutputStream.nullOutputStream());
                });
        Socket client = connect();

        send(
                client,
                "POST /late/a HTTP/1.1\r\nHost: h\r\nConnection: close\r\nContent-Length: "
                        + size
                        + "\r\n\r\n");
        client.getOutputStream().write(new byte[size]);

        assertThat(rest(client)).startsWith("HTTP/1.1 200 ");
    }

    @Test
    void connectionEndsWhenTheRestOfABodyThatIsAnsweredDoesNotCome() throws Exception {
        up(
                "early",
                socket -> {
                    socket.getInputStream().read(new byte[1000]);
                    send(socket, OK);
                    socket.getInputStream().transferTo(java.io.OutputStream.nullOutputStream());
                });
        Socket client = connect();
        send(client, "POST /early/a HTTP/1.1\r\nHost: h\r\nContent-Length: 1000\r\n\r\nhalf");

        String answer = drip(client, LIMIT.dividedBy(10));

        assertThat(answer).startsWith("HTTP/1.1 200 ").endsWith("ok").containsOnlyOnce("HTTP/1.1 ");
    }

    @ParameterizedTest
    @CsvSource({"Content-Length: 31457281, ''", "Transfer-Encoding: chunked, 1e00001"})
    void bodyBeyondTheLimitIsAnswered413(String framing, String size) throws Exception {
        Socket client = connect();
        send(client, POST + framing + "\r\n\r\n" + (size.isEmpty() ? "" : size + "\r\n"));
        try {
            client.getOutputStream().write(new byte[31_457_281]);
        } catch (IOException refused) {
            // It is not read to its end.
        }

        assertThat(rest(client))
                .startsWith("HTTP/1.1 413 ")
                .endsWith("\"code\":\"body-too-large\"}");
        assertThat(unit.requests()).isEmpty();
    }

    @Test
    void addressHasItsShareOfConnectionsAndAProxyMore() throws Exception {
        List<Socket> held = new ArrayList<>();
        for (int i = 0; i < PER_ADDRESS; i++) {
            held.add(connectFrom("127.0.0.77"));
        }
        assertThat(answered(held.getLast())).isTrue();

        assertThat(answered(connectFrom("127.0.0.77"))).isFalse();
        assertThat(answered(connectFrom("127.0.0.78"))).isTrue();
        for (int i = 0; i < PER_ADDRESS; i++) {
            connectFrom("127.0.0.9");
        }
        assertThat(answered(connectFrom("127.0.0.9"))).isTrue();

        held.getFirst().close();
        await().atMost(Duration.ofSeconds(5)).until(() -> answered(connectFrom("127.0.0.77")));
    }

    private Socket connectFrom(String address) throws IOException {
        Socket client = new Socket();
        client.bind(new InetSocketAddress(InetAddress.ofLiteral(address), 0));
        client.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), gateway.port()));
        closed.add(client);
        return client;
    }

    private static boolean answered(Socket client) {
        try {
            client.setSoTimeout(10_000);
            send(client, "GET /limits/a HTTP/1.1\r\nHost: h\r\n\r\n");
            return client.getInputStream().read() == 'H';
        } catch (IOException reset) {
            return false;
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '>',
            value = {
                "/limits/a%2Fb%5cc>/a%2Fb%5cc",
                "/limits/a;x=1/b%3By>/a;x=1/b%3By",
                "/limits//a//>//a//",
                "/limits/a%252eb>/a%252eb",
            })
    void whatIsAllowedReachesTheUnitByteForByte(String target, String received) {
        String answer =
                RawClient.exchange(
                        gateway.port(),
                        "GET "
                                + target
                                + " HTTP/1.1\r\nHost: h\r\nX_A: b\r\nConnection: close\r\n\r\n");

        assertThat(answer).startsWith("HTTP/1.1 200 ");
        assertThat(unit.requests().getFirst().target()).isEqualTo(received);
        assertThat(unit.requests().getFirst().header("x_a")).containsExactly("b");
    }

    @ParameterizedTest
    @CsvSource({"/limits/..%2fadmin", "/limits/..;x/admin", "/limits//../admin"})
    void dotSegmentIsRefusedAllTheSame(String target) {
        String answer =
                RawClient.exchange(
                        gateway.port(), "GET " + target + " HTTP/1.1\r\nHost: h\r\n\r\n");

        assertThat(answer).startsWith("HTTP/1.1 400 ").contains("dot-segment");
        assertThat(unit.requests()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "127.0.0.1 | -                           | -       | 127.0.0.1                   | http  | h",
                "127.0.0.1 | 6.6.6.6                     | https,x | 127.0.0.1                   | http  | h",
                "127.0.0.7 | 6.6.6.6                     | https,x | 127.0.0.7                   | http  | h",
                "127.0.0.12| 6.6.6.6                     | https,x | 127.0.0.12                  | http  | h",
                "127.0.0.9 | -                           | -       | 127.0.0.9                   | http  | h",
                "127.0.0.8 | 9.9.9.9                     | https,x | 9.9.9.9, 127.0.0.8          | https | x",
                "127.0.0.11| 6.6.6.6;9.9.9.9             | https,x | 6.6.6.6, 9.9.9.9, 127.0.0.11| https | x",
                "127.0.0.9 | 6.6.6.6, 8.8.8.8            | https,x | 6.6.6.6, 8.8.8.8, 127.0.0.9 | https | x",
            })
    void forwardedHeadersAreBelievedFromATrustedProxyAlone(
            String peer,
            String before,
            String protoAndHost,
            String forTo,
            String proto,
            String host) {
        StringBuilder headers = new StringBuilder();
        if (before != null) {
            for (String line : before.split(";", -1)) {
                headers.append("X-Forwarded-For: ").append(line).append("\r\n");
            }
        }
        if (protoAndHost != null) {
            String[] two = protoAndHost.split(",", -1);
            headers.append("X-Forwarded-Proto: ").append(two[0]).append("\r\n");
            headers.append("X-Forwarded-Host: ").append(two[1]).append("\r\n");
        }

        RawClient.exchange(
                InetAddress.ofLiteral(peer),
                gateway.port(),
                "GET /limits/a HTTP/1.1\r\nHost: h\r\n"
                        + headers
                        + "Forwarded: for=6.6.6.6\r\nX-Real-IP: 6.6.6.6\r\nX-Forwarded-Prefix: /p\r\n"
                        + "Connection: close\r\n\r\n");

        StubUnit.Request received = unit.requests().getFirst();
        assertThat(received.header("X-Forwarded-For")).containsExactly(forTo);
        assertThat(received.header("X-Forwarded-Proto")).containsExactly(proto);
        assertThat(received.header("X-Forwarded-Host")).containsExactly(host);
        assertThat(received.headers())
                .doesNotContainKeys("forwarded", "x-real-ip", "x-forwarded-prefix");
    }
}
