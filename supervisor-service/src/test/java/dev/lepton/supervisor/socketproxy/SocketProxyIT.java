package dev.lepton.supervisor.socketproxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What reaches an engine through the proxy, byte by byte, and what comes back. */
class SocketProxyIT {

    private static final String ID = "a1".repeat(32);
    private static final String LABELS =
            "{\"lepton.unit\":\"worker-1\",\"com.docker.compose.project\":\"shop\"}";
    private static final String OWN =
            """
            {"Id":"%s","Name":"/shop_worker-1_1","Path":"java","Args":["--password=x"],
             "State":{"Status":"running","Running":true,"Pid":7,"StartedAt":"2026-01-01T00:00:00Z",
               "Error":"exec: password","Health":{"Log":[{"Output":"password"}]}},
             "Mounts":[{"Source":"/etc"}],"LogPath":"/var/lib/docker/x",
             "HostConfig":{"Binds":["/etc:/etc"],"RestartPolicy":{"Name":"unless-stopped"}},
             "Config":{"Env":["PASSWORD=x"],"Cmd":["x"],"Image":"worker","Labels":%s},
             "NetworkSettings":{"Ports":{},"Networks":{"units":{"IPAddress":"10.0.0.2"}}}}
            """
                    .formatted(ID, LABELS);
    private static final Bounds BOUNDS =
            new Bounds(
                    8, 2, Duration.ofMillis(400), Duration.ofMillis(600), Duration.ofMillis(500));

    private final ScheduledThreadPoolExecutor timer = Engine.newTimer();
    private final List<Socket> open = new ArrayList<>();
    private Path folder;
    private StubEngine engine;
    private SocketProxy proxy;
    private CompletableFuture<String> served;

    @BeforeEach
    void start() throws IOException {
        // The path of a socket is short.
        folder = Files.createTempDirectory("engine");
        engine = new StubEngine(folder.resolve("s"));
        proxy =
                new SocketProxy(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                        new Engine(folder.resolve("s"), timer),
                        new Scope("shop"),
                        BOUNDS);
        served = new CompletableFuture<>();
        Thread.startVirtualThread(() -> {
            try {
                proxy.serve();
                served.complete("until it was closed");
            } catch (Throwable e) {
                served.completeExceptionally(e);
            }
        });
        engine.answers("GET /containers/" + ID + "/json", "200 OK", OWN)
                .answers("GET /containers/worker/json", "200 OK", OWN)
                .answers("GET /containers/gone/json", "404 No", "{\"message\":\"none such\"}");
    }

    @AfterEach
    void stop() throws IOException {
        for (Socket socket : open) {
            socket.close();
        }
        proxy.close();
        engine.close();
        timer.shutdownNow();
        Files.deleteIfExists(folder.resolve("s"));
        Files.delete(folder);
        assertThat(served).succeedsWithin(Duration.ofSeconds(10));
    }

    @Test
    void theEngineIsSentNothingOfTheClientsRequest() throws IOException {
        engine.answers("GET /v1.41/version", "200 OK\r\nApi-Version: 1.41\r\nSecret: 1", "{}");

        String answer =
                send(
                        "GET /v1.41/version HTTP/1.1\r\nHost: evil\r\nX-Registry-Auth: a\r\nUser-Agent: b\r\nConnection: keep-alive\r\n\r\n");

        assertThat(engine.requests)
                .containsExactly(
                        "GET /v1.41/version HTTP/1.0\r\nHost: engine\r\nUser-Agent: lepton-socket-proxy\r\n\r\n");
        assertThat(answer)
                .isEqualTo(
                        "HTTP/1.1 200 OK\r\nApi-Version: 1.41\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}");
    }

    @Test
    void aPingIsAnsweredToBothMethods() throws IOException {
        engine.answers("GET /_ping", "200 OK\r\nContent-Type: text/plain", "OK")
                .answers("HEAD /_ping", "200 OK\r\nContent-Length: 2", "");

        assertThat(call("GET", "/_ping")).startsWith("HTTP/1.1 200 ").endsWith("\r\n\r\nOK");
        assertThat(call("HEAD", "/_ping")).startsWith("HTTP/1.1 200 ").endsWith("\r\n\r\n");
    }

    @Test
    void aListIsOfTheOwnUnitsWhateverTheClientAndTheEngineMakeOfTheFilters() throws IOException {
        engine.answers(
                "GET /containers/json",
                "200 OK",
                """
                [{"Id":"1","Command":"secret","Labels":%s,"State":"running"},
                 {"Id":"2","Labels":{"lepton.unit":"x","com.docker.compose.project":"other"}},
                 {"Id":"3","Labels":{"com.docker.compose.project":"shop"}},
                 {"Id":"4","Labels":null}]
                """
                        .formatted(LABELS));

        String answer =
                call(
                        "GET",
                        "/containers/json?all=1&filters=%7B%22label%22%3A%5B%22com.docker.compose.project%3Dother%22%5D%7D");

        assertThat(URLDecoder.decode(engine.lines().getFirst(), StandardCharsets.UTF_8))
                .isEqualTo(
                        "GET /containers/json?all=1&filters={\"label\":[\"lepton.unit\",\"com.docker.compose.project=shop\",\"com.docker.compose.project=other\"]} HTTP/1.0");
        assertThat(answer)
                .endsWith(
                        "\r\n\r\n[{\"Id\":\"1\",\"Labels\":%s,\"State\":\"running\"}]"
                                .formatted(LABELS));
    }

    @Test
    void anInspectionTellsNeitherEnvironmentNorCommandNorMounts() throws IOException {
        String answer = call("GET", "/containers/worker/json");

        assertThat(answer)
                .contains(
                        "\"Id\":\"" + ID,
                        "\"Status\":\"running\"",
                        "\"StartedAt\"",
                        "\"Labels\":" + LABELS,
                        "\"RestartPolicy\":{\"Name\":\"unless-stopped\"}",
                        "\"IPAddress\":\"10.0.0.2\"")
                .doesNotContain("PASSWORD", "password", "Args", "Cmd", "Mounts", "Binds", "/etc")
                .doesNotContain("LogPath", "Health", "Output", "Error");
    }

    @ParameterizedTest
    @ValueSource(strings = {"start", "stop?t=3", "restart?t=0"})
    void aContainerIsActedUponByTheIdThatWasLookedAt(String verb) throws IOException {
        engine.answers("POST /containers/" + ID, "204 No Content", "");

        String answer = call("POST", "/containers/worker/" + verb);

        assertThat(engine.lines())
                .containsExactly(
                        "GET /containers/worker/json HTTP/1.0",
                        "POST /containers/" + ID + "/" + verb + " HTTP/1.0");
        assertThat(engine.requests.getLast()).endsWith("\r\nContent-Length: 0\r\n\r\n");
        assertThat(answer).isEqualTo("HTTP/1.1 204 OK\r\nConnection: close\r\n\r\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "null",
                "{}",
                "{\"lepton.unit\":\"worker-1\"}",
                "{\"com.docker.compose.project\":\"shop\"}",
                "{\"lepton.unit\":\"worker-1\",\"com.docker.compose.project\":\"other\"}",
                "{\"lepton.unit\":\"worker-1\",\"com.docker.compose.project\":\"shop2\"}",
                "{\"lepton.unit\":null,\"com.docker.compose.project\":\"shop\"}"
            })
    void aContainerThatIsNoUnitOfTheProjectIsNotTouched(String labels) throws IOException {
        engine.answers(
                "GET /containers/other/json",
                "200 OK",
                "{\"Id\":\"%s\",\"Config\":{\"Labels\":%s}}".formatted(ID, labels));

        for (String call :
                List.of("GET json", "POST start", "POST stop", "POST restart", "GET logs")) {
            String[] parts = call.split(" ");
            assertThat(call(parts[0], "/containers/other/" + parts[1]))
                    .as(call)
                    .startsWith("HTTP/1.1 403 ")
                    .contains("container other is no unit of the project shop");
        }
        assertThat(engine.lines()).hasSize(5).containsOnly("GET /containers/other/json HTTP/1.0");
    }

    @Test
    void aContainerThatTheEngineDoesNotKnowIsNotThere() throws IOException {
        assertThat(call("POST", "/containers/gone/restart"))
                .startsWith("HTTP/1.1 404 ")
                .endsWith("{\"message\":\"none such\"}");
        assertThat(engine.lines()).containsExactly("GET /containers/gone/json HTTP/1.0");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "POST /containers/create HTTP/1.1\r\nHost: e\r\nContent-Length: 2\r\n\r\n{}",
                "GET /containers%2fjson HTTP/1.1\r\nHost: e\r\n\r\n",
                "GET /v1.41/containers/x/..%2F..%2Finfo HTTP/1.1\r\nHost: e\r\n\r\n",
                "GET /V1.41/VERSION HTTP/1.1\r\nHost: e\r\n\r\n",
                "GET http://engine/version HTTP/1.1\r\nHost: e\r\n\r\n",
                "POST /containers/worker/start HTTP/1.1\r\nHost: e\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                "GET /events HTTP/1.1\r\nHost: e\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n",
                "POST /containers/worker/exec HTTP/1.1\r\nHost: e\r\n\r\n"
            })
    void whatIsNotAllowedDoesNotReachTheEngine(String request) throws IOException {
        assertThat(send(request))
                .startsWith("HTTP/1.1 403 ")
                .contains("\r\nConnection: close\r\n", "{\"message\":\"socket proxy: ");
        assertThat(engine.requests).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /version HTTP/1.1\nHost: e\n\n",
                "GET /version HTTP/1.1\r\nHost: e\r\nX: \u0000\r\n\r\n",
                "GET /version HTTP/1.1\r\nHost: e\r\nX: a\nPOST /containers/create HTTP/1.1\r\n\r\n",
                "GET /version\r\nX: a HTTP/1.1\r\nHost: e\r\n\r\n",
                "GET /version HTTP/1.1\r\nHost: e\r\nContent-Length: 0\r\nContent-Length: 44\r\n\r\n",
                "GET /version HTTP/1.1\r\nHost: e\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                "GET /version HTTP/1.1\r\nHost: e\r\n X: folded\r\n\r\n",
                "\u0016\u0003\u0001\u0000\u00a5\u0001\u0000\u0000"
            })
    void whatIsNoRequestDoesNotReachTheEngine(String request) throws IOException {
        assertThat(send(request))
                .startsWith("HTTP/1.1 400 ")
                .contains("{\"message\":\"socket proxy: ");
        assertThat(engine.requests).isEmpty();
    }

    @Test
    void aSecondRequestOfTheSameConnectionIsIgnored() throws IOException {
        engine.answers("GET /version", "200 OK", "{}");
        String version = "GET /version HTTP/1.1\r\nHost: e\r\n\r\n";
        String create = "POST /containers/worker/stop HTTP/1.1\r\nHost: e\r\n\r\n";

        String answer = send(version + create + version);

        assertThat(answer).startsWith("HTTP/1.1 200 ").endsWith("\r\n\r\n{}");
        assertThat(answer.split("HTTP/1\\.1")).hasSize(2);
        assertThat(engine.lines()).containsExactly("GET /version HTTP/1.0");
    }

    @Test
    void aBodyThatLooksLikeARequestIsNone() throws IOException {
        String hidden = "POST /containers/worker/stop HTTP/1.1\r\nHost: e\r\n\r\n";

        assertThat(
                        send(
                                "POST /containers/worker/start HTTP/1.1\r\nHost: e\r\nContent-Length: %d\r\n\r\n%s"
                                        .formatted(hidden.length(), hidden)))
                .startsWith("HTTP/1.1 403 ");
        assertThat(engine.requests).isEmpty();
    }

    @Test
    void theEngineThatIsAwayIsTold() throws IOException {
        engine.close();
        Files.delete(folder.resolve("s"));

        assertThat(call("GET", "/version"))
                .startsWith("HTTP/1.1 502 ")
                .contains("no engine answers at " + folder.resolve("s"));
    }

    @Test
    void anEngineThatDoesNotAnswerIsLeftAfterAWhile() throws IOException {
        engine.answers("GET /version", (_, in) -> in.readAllBytes());

        assertThat(call("GET", "/version"))
                .startsWith("HTTP/1.1 502 ")
                .contains("did not answer in time");
    }

    @ParameterizedTest
    @ValueSource(strings = {"HTTP/1.1 101 UPGRADED\r\n\r\n", "SSH-2.0-x\r\n\r\n", "HTTP/1.1 2", ""})
    void whatIsNoAnswerOfAnEngineIsNotPassedOn(String text) throws IOException {
        engine.answers(
                "GET /version", (out, _) -> out.write(text.getBytes(StandardCharsets.US_ASCII)));

        assertThat(call("GET", "/version")).startsWith("HTTP/1.1 502 ");
    }

    @Test
    void anAnswerThatBreaksOffIsNotTakenForTheWholeOne() throws IOException {
        engine.answers("GET /containers/json", "200 OK", "[{\"Id\":\"1\",\"Labels\":" + LABELS);

        assertThat(call("GET", "/containers/json"))
                .startsWith("HTTP/1.1 502 ")
                .contains("breaks off");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{}", "null"})
    void whatIsNoListIsNotTakenForAnEmptyOne(String body) throws IOException {
        engine.answers("GET /containers/json", "200 OK", body);

        assertThat(call("GET", "/containers/json")).startsWith("HTTP/1.1 502 ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", "null"})
    void whatIsNoInspectionIsNotTakenForAContainerWithoutLabels(String body) throws IOException {
        engine.answers("GET /containers/empty/json", "200 OK", body);

        assertThat(call("GET", "/containers/empty/json")).startsWith("HTTP/1.1 502 ");
    }

    @Test
    void aClientThatSendsNoRequestIsLeftAfterAWhile() throws IOException {
        Socket client = client();
        client.getOutputStream().write("GET /version HTT".getBytes(StandardCharsets.US_ASCII));

        assertThat(client.getInputStream().readAllBytes()).isEmpty();
    }

    @Test
    void eventsAreSentAsTheyHappenAndUntilTheClientGoes() throws Exception {
        CountDownLatch left = new CountDownLatch(1);
        CountDownLatch second = new CountDownLatch(1);
        engine.answers(
                "GET /events",
                (out, in) -> {
                    out.write(
                            ("HTTP/1.0 200 OK\r\n\r\n" + event("start"))
                                    .getBytes(StandardCharsets.US_ASCII));
                    awaitQuietly(second);
                    out.write(event("die").getBytes(StandardCharsets.US_ASCII));
                    in.readAllBytes();
                    left.countDown();
                });
        Socket client = client();
        client.getOutputStream()
                .write(
                        "GET /events HTTP/1.1\r\nHost: e\r\n\r\n"
                                .getBytes(StandardCharsets.US_ASCII));
        InputStream in = client.getInputStream();

        readUntil(in, event("start"));
        second.countDown();
        readUntil(in, event("die"));
        assertThat(left.getCount()).isEqualTo(1);
        client.close();
        await().atMost(Duration.ofSeconds(10)).until(() -> left.getCount() == 0);
    }

    @Test
    void aRestartIsLeftToItselfWhenTheClientGoes() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CompletableFuture<Long> left = new CompletableFuture<>();
        engine.answers(
                "POST /containers/" + ID + "/restart",
                (_, in) -> {
                    asked.countDown();
                    in.readAllBytes();
                    left.complete(System.nanoTime());
                });
        long start = System.nanoTime();
        try (Socket client = client()) {
            client.getOutputStream()
                    .write(
                            "POST /containers/worker/restart?t=1 HTTP/1.1\r\nHost: e\r\n\r\n"
                                    .getBytes(StandardCharsets.US_ASCII));
            assertThat(asked.await(10, TimeUnit.SECONDS)).isTrue();
        }

        assertThat(Duration.ofNanos(left.get(10, TimeUnit.SECONDS) - start))
                .isGreaterThanOrEqualTo(BOUNDS.answer().plusSeconds(1));
    }

    @Test
    void nothingIsKeptOfACallThatHasEnded() throws Exception {
        engine.answers("POST /containers/" + ID + "/stop", "204 No Content", "");

        assertThat(call("POST", "/containers/worker/stop?t=600")).startsWith("HTTP/1.1 204 ");

        assertThat(timer.getQueue()).isEmpty();
    }

    @Test
    void streamsAreBoundedAndRoomIsMadeByTheOneThatEnds() throws Exception {
        engine.answers(
                "GET /events",
                (out, in) -> {
                    out.write(
                            ("HTTP/1.0 200 OK\r\n\r\n" + event("start"))
                                    .getBytes(StandardCharsets.US_ASCII));
                    in.readAllBytes();
                });
        Socket first = follow();
        follow();

        assertThat(call("GET", "/events"))
                .startsWith("HTTP/1.1 503 ")
                .contains("2 logs and events are sent already");
        engine.answers("GET /version", "200 OK", "{}");
        assertThat(call("GET", "/version")).startsWith("HTTP/1.1 200 ");

        first.close();
        await().atMost(Duration.ofSeconds(10))
                .ignoreExceptionsInstanceOf(AssertionError.class)
                .until(() -> follow() != null);
    }

    @Test
    void eventsTellNeitherCommandsNorWhatIsOutOfScope() throws IOException {
        engine.answers(
                "GET /events",
                "200 OK",
                event("exec_create: sh -c 'TOKEN=secret'")
                        + "{\"Type\":\"container\",\"Action\":\"start\",\"Actor\":{\"ID\":\"2\",\"Attributes\":{}}}\n"
                        + event("start"));

        assertThat(call("GET", "/events"))
                .startsWith("HTTP/1.1 200 ")
                .endsWith("\r\n\r\n" + event("start"));
    }

    @Test
    void aClientThatDoesNotReadTakesNoStreamFromTheOthers() throws Exception {
        CountDownLatch left = new CountDownLatch(2);
        engine.answers(
                "GET /containers/" + ID + "/logs",
                (out, _) -> {
                    try {
                        out.write("HTTP/1.0 200 OK\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                        while (true) {
                            out.write(new byte[65_536]);
                        }
                    } finally {
                        left.countDown();
                    }
                });

        for (int stream = 0; stream < BOUNDS.streams(); stream++) {
            client().getOutputStream()
                    .write(
                            "GET /containers/worker/logs?follow=1 HTTP/1.1\r\nHost: e\r\n\r\n"
                                    .getBytes(StandardCharsets.US_ASCII));
        }

        assertThat(left.await(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void aLogIsPassedOnAsItIs() throws IOException {
        engine.answers(
                "GET /containers/" + ID + "/logs",
                "200 OK\r\nContent-Type: application/octet-stream",
                "\u0001\u0000\u0000\u0000\u0000\u0000\u0000\u0003abc");

        String answer = call("GET", "/containers/worker/logs?stdout=1&tail=5");

        assertThat(engine.lines().getLast())
                .isEqualTo(
                        "GET /containers/%s/logs?stdout=1&stderr=0&timestamps=0&follow=0&tail=5 HTTP/1.0"
                                .formatted(ID));
        assertThat(answer).endsWith("\r\n\r\n\u0001\u0000\u0000\u0000\u0000\u0000\u0000\u0003abc");
    }

    private static String event(String action) {
        return "{\"Type\":\"container\",\"Action\":\"%s\",\"Actor\":{\"ID\":\"1\",\"Attributes\":%s}}\n"
                .formatted(action, LABELS);
    }

    private Socket follow() throws IOException {
        Socket client = client();
        client.getOutputStream()
                .write(
                        "GET /events HTTP/1.1\r\nHost: e\r\n\r\n"
                                .getBytes(StandardCharsets.US_ASCII));
        readUntil(client.getInputStream(), event("start"));
        return client;
    }

    private static void readUntil(InputStream in, String end) throws IOException {
        StringBuilder text = new StringBuilder();
        while (!text.toString().endsWith(end)) {
            int next = in.read();
            assertThat(next).as("after '%s'", text).isNotNegative();
            text.append((char) next);
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Socket client() throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), proxy.port());
        socket.setSoTimeout(20_000);
        open.add(socket);
        return socket;
    }

    private String call(String method, String target) throws IOException {
        return send(method + " " + target + " HTTP/1.1\r\nHost: engine\r\n\r\n");
    }

    /** All that comes back, until the proxy closes. */
    private String send(String request) throws IOException {
        try (Socket client = client()) {
            client.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            return new String(client.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }
}
