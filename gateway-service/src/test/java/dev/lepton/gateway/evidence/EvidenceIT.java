package dev.lepton.gateway.evidence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.lepton.client.rest.ProtocolJson;
import dev.lepton.client.unit.UnitState;
import dev.lepton.client.unit.UnitView;
import dev.lepton.gateway.LeakCheck;
import dev.lepton.gateway.RunningGateway;
import dev.lepton.gateway.StubUnit;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What a registry hears of units that a gateway does not reach. */
@ExtendWith(LeakCheck.class)
class EvidenceIT {

    private static final Duration SOON = Duration.ofSeconds(10);

    private record Heard(String path, String token, JsonNode body, long atNanos) {}

    private final List<Heard> heard = new CopyOnWriteArrayList<>();
    private HttpServer registry;
    private volatile int status = 200;
    private volatile UnitView answer;

    @BeforeEach
    void startRegistry() throws IOException {
        registry = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        registry.createContext("/", this::answer);
        registry.start();
    }

    @AfterEach
    void stopRegistry() {
        registry.stop(0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath();
            if (!path.endsWith("/evidence")) {
                exchange.sendResponseHeaders(503, -1);
                return;
            }
            heard.add(
                    new Heard(
                            exchange.getRequestMethod() + " " + path,
                            exchange.getRequestHeaders().getFirst("Authorization"),
                            JsonMapper.shared().readTree(exchange.getRequestBody()),
                            System.nanoTime()));
            byte[] body = ProtocolJson.lenient().writeValueAsBytes(answer);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(status, status == 200 ? body.length : -1);
            if (status == 200) {
                exchange.getResponseBody().write(body);
            }
        }
    }

    private RunningGateway gateway(Path home) {
        return RunningGateway.start(
                home,
                "--lepton.registry.url=http://127.0.0.1:" + registry.getAddress().getPort(),
                "--lepton.gateway.breaker.refused=100ms");
    }

    @Test
    void unitThatRefusesConnectionsIsReportedOnceIn5SecondsWhileItDoes(@TempDir Path home)
            throws Exception {
        try (StubUnit bad = StubUnit.refusing("ev-bad");
                StubUnit good = StubUnit.good("ev-good");
                StubUnit other = StubUnit.good("ev-other");
                RunningGateway gateway = gateway(home)) {
            UnitView badView = bad.view("ev", UnitState.UP);
            answer = badView;
            // Made after the start, as by a registry that starts later.
            String secret = "t".repeat(64);
            Files.writeString(home.resolve("token"), secret, StandardCharsets.US_ASCII);
            gateway.put(badView);
            gateway.up("ev", good, other);

            await().atMost(Duration.ofSeconds(20))
                    .until(() -> {
                        assertThat(gateway.get("/ev/x").statusCode()).isEqualTo(200);
                        return heard.size() == 2;
                    });

            Heard first = heard.getFirst();
            assertThat(first.path()).isEqualTo("POST /v1/units/ev-bad/evidence");
            assertThat(first.token()).isEqualTo("Bearer " + secret);
            JsonNode body = first.body();
            assertThat(body.at("/startId").asString()).isEqualTo(badView.startId().toString());
            assertThat(body.at("/kind").asString()).isEqualTo("unreachable");
            assertThat(body.at("/observer").asString())
                    .startsWith("gateway-")
                    .endsWith(":" + gateway.port());
            assertThat(body.at("/detail").asString())
                    .isEqualTo("no connection to it can be opened");
            assertThat(body.at("/failing").asInt()).isEqualTo(1);
            assertThat(body.at("/known").asInt()).isEqualTo(3);
            assertThat(Duration.ofNanos(heard.get(1).atNanos() - first.atNanos()))
                    .isGreaterThan(Duration.ofMillis(4500));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {503, 401, 500})
    void registryThatCouldNotTakeItIsToldAgainBeforeThePauseIsOver(
            int refusal, @TempDir Path home) {
        status = refusal;
        try (StubUnit bad = StubUnit.refusing("again-bad");
                StubUnit good = StubUnit.good("again-good");
                StubUnit other = StubUnit.good("again-other");
                RunningGateway gateway = gateway(home)) {
            answer = bad.view("again", UnitState.UP);
            gateway.up("again", bad, good, other);

            await().atMost(SOON)
                    .until(() -> {
                        assertThat(gateway.get("/again/x").statusCode()).isEqualTo(200);
                        return heard.size() >= 2;
                    });

            assertThat(Duration.ofNanos(heard.get(1).atNanos() - heard.get(0).atNanos()))
                    .isLessThan(Unreachables.PAUSE);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {409, 401, 503, 404, 500})
    void registryThatRefusesItChangesNothing(int refusal, @TempDir Path home) {
        status = refusal;
        try (StubUnit bad = StubUnit.refusing("no-bad");
                StubUnit good = StubUnit.good("no-good");
                StubUnit other = StubUnit.good("no-other");
                RunningGateway gateway = gateway(home)) {
            answer = bad.view("no", UnitState.UP);
            gateway.up("no", bad, good, other);

            await().atMost(SOON)
                    .until(() -> {
                        assertThat(gateway.get("/no/x").statusCode()).isEqualTo(200);
                        return !heard.isEmpty();
                    });

            assertThat(gateway.get("/no/x").statusCode()).isEqualTo(200);
            assertThat(gateway.bean(EvidenceReporter.class).isRunning()).isTrue();
        }
    }
}
