package dev.lepton.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lepton.client.unit.UnitId;
import dev.lepton.gateway.routing.RoutingTables;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** How long a response may take once it has begun. */
@ExtendWith(LeakCheck.class)
class StreamingIT {

    private static final Duration BODY_IDLE = Duration.ofSeconds(1);
    private static final String STREAM_HEAD =
            "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n";

    private static RunningGateway gateway;
    private static StubUnit elsewhere;

    private final List<StubUnit> stubs = new ArrayList<>();

    @BeforeAll
    static void start(@TempDir Path home) {
        elsewhere = StubUnit.start("elsewhere", (request, reply) -> reply.hang());
        gateway =
                RunningGateway.start(
                        home,
                        "--spring.profiles.active=routes",
                        "--elsewhere.port=" + elsewhere.port(),
                        "--lepton.gateway.deadline=2s",
                        "--lepton.gateway.body-idle=" + BODY_IDLE.toMillis() + "ms");
    }

    @AfterAll
    static void stop() {
        gateway.close();
        elsewhere.close();
    }

    @AfterEach
    void closeStubs() {
        stubs.forEach(StubUnit::close);
    }

    private void up(String service, StubUnit.Behaviour behaviour) {
        StubUnit stub = StubUnit.start(service + "-1", behaviour);
        stubs.add(stub);
        gateway.up(service, stub);
    }

    private static String get(String path) {
        return RawClient.exchange(
                gateway.port(),
                "GET " + path + " HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
    }

    @Test
    void streamThatSaysNothingIsBrokenOff() {
        up(
                "falls-silent",
                (request, reply) -> {
                    reply.raw(STREAM_HEAD + "6\r\ndata:a\r\n");
                    reply.hang();
                });

        String answer = get("/falls-silent/x");

        assertThat(answer)
                .startsWith("HTTP/1.1 200 ")
                .contains("data:a")
                .doesNotEndWith("0\r\n\r\n");
        await().atMost(Duration.ofSeconds(5))
                .until(() ->
                        gateway.bean(RoutingTables.class)
                                        .current()
                                        .tracked()
                                        .get(new UnitId("falls-silent-1"))
                                        .inFlight()
                                == 0);
    }

    @Test
    void headWithoutABodyIsATimeoutOfTheGateway() {
        up(
                "head-only",
                (request, reply) -> {
                    reply.raw(STREAM_HEAD);
                    reply.hang();
                });

        String answer = get("/head-only/x");

        assertThat(answer).startsWith("HTTP/1.1 504 ").contains("response-timeout");
    }

    @Test
    void streamThatSaysSomethingNowAndThenOutlivesEveryLimit() {
        up(
                "streams-on",
                (request, reply) -> {
                    reply.raw(STREAM_HEAD);
                    for (int i = 0; i < 12; i++) {
                        LockSupport.parkNanos(BODY_IDLE.dividedBy(4).toNanos());
                        reply.raw("6\r\ndata:" + (char) ('a' + i) + "\r\n");
                    }
                    reply.raw("0\r\n\r\n");
                });

        String answer = get("/streams-on/x");

        assertThat(answer).contains("data:a", "data:l").endsWith("0\r\n\r\n");
    }

    /** The unit sends each event only when the client has the one before. */
    @Test
    void eventsArriveOneByOne() throws Exception {
        BlockingQueue<String> arrived = new LinkedBlockingQueue<>();
        up(
                "events",
                (request, reply) -> {
                    reply.raw(STREAM_HEAD);
                    for (String event : List.of("one", "two", "three")) {
                        reply.raw("d\r\ndata:%-6s\n\n\r\n".formatted(event));
                        awaitEvent("data:" + event, arrived);
                    }
                    reply.raw("0\r\n\r\n");
                });

        HttpResponse<Stream<String>> answer =
                gateway.http()
                        .send(
                                gateway.request("/events/x")
                                        .header("Accept", "text/event-stream")
                                        .build(),
                                HttpResponse.BodyHandlers.ofLines());
        List<String> lines = answer.body().peek(arrived::add).toList();

        assertThat(answer.headers().firstValue("Content-Type")).contains("text/event-stream");
        assertThat(lines.stream().map(String::strip).filter(line -> !line.isEmpty()))
                .containsExactly("data:one", "data:two", "data:three");
    }

    private static void awaitEvent(String event, BlockingQueue<String> arrived) throws IOException {
        try {
            String line = "";
            while (!line.strip().equals(event)) {
                line = arrived.poll(20, TimeUnit.SECONDS);
                if (line == null) {
                    throw new IOException("the client has not got " + event);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    @Test
    void clientThatTakesItsTimeGetsTheWholeResponse() throws Exception {
        int size = 30_000_000;
        up(
                "large",
                (request, reply) -> {
                    reply.raw("HTTP/1.1 200 OK\r\nContent-Length: " + size + "\r\n\r\n");
                    String part = "x".repeat(1_000_000);
                    for (int i = 0; i < size / part.length(); i++) {
                        reply.raw(part);
                    }
                });

        try (Socket client = new Socket()) {
            client.setReceiveBufferSize(16 * 1024);
            client.connect(
                    new java.net.InetSocketAddress(
                            InetAddress.getLoopbackAddress(), gateway.port()));
            client.getOutputStream()
                    .write(
                            "GET /large/x HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"
                                    .getBytes(StandardCharsets.ISO_8859_1));
            LockSupport.parkNanos(BODY_IDLE.multipliedBy(3).toNanos());

            assertThat(allOf(client.getInputStream())).isGreaterThan(size);
        }
    }

    private static long allOf(InputStream in) throws IOException {
        long sum = 0;
        byte[] buffer = new byte[65_536];
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
            sum += n;
        }
        return sum;
    }

    @Test
    void connectionIsFreeForTheNextRequestAfterTheLimit() {
        up("reused", (request, reply) -> reply.send(200, "ok"));
        assertThat(gateway.get("/reused/x").body()).isEqualTo("ok");
        LockSupport.parkNanos(BODY_IDLE.plusMillis(300).toNanos());

        assertThat(gateway.get("/reused/x").body()).isEqualTo("ok");

        assertThat(stubs.getFirst().connections()).isEqualTo(1);
    }

    @Test
    void routeToAnAddressHasTheDeadlineAsWell() {
        HttpResponse<String> answer = gateway.get("/elsewhere/x");

        assertThat(answer.statusCode()).isEqualTo(504);
    }
}
