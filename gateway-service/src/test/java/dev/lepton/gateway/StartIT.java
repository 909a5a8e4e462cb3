package dev.lepton.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.lepton.client.unit.UnitState;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A gateway whose registry is away. */
@ExtendWith(LeakCheck.class)
class StartIT {

    private static final Duration SOON = Duration.ofSeconds(20);

    @Test
    void routesFromTheDiskListAndIsReadyAndShowsItsState(@TempDir Path home) throws Exception {
        try (StubUnit unit = StubUnit.good("kept-1")) {
            RunningGateway.writeDiskList(home, unit.view("kept", UnitState.UP, 7));

            try (RunningGateway gateway = RunningGateway.start(home)) {
                assertThat(gateway.get("/kept/x").body()).isEqualTo("kept-1");
                assertThat(gateway.actuator("/health/readiness").statusCode()).isEqualTo(200);
                assertThat(gateway.actuator("/health/liveness").statusCode()).isEqualTo(200);
                assertThat(gateway.actuator("/lepton").body())
                        .contains("\"position\":\"c:1\"", "\"fromDisk\":true")
                        .contains(
                                "\"id\":\"kept-1\"", "\"incarnation\":7", "\"breaker\":\"CLOSED\"");
                assertThat(gateway.actuator("/prometheus").body())
                        .contains("lepton_gateway_attempts_total{")
                        .contains("lepton_gateway_in_flight")
                        .contains("service=\"kept\",unit=\"kept-1\"");
                assertThat(gateway.actuator("/env").statusCode()).isEqualTo(404);
                assertThat(gateway.actuator("/gateway/routes").statusCode()).isEqualTo(404);
            }
        }
    }

    @Test
    void isAliveButNotReadyWithoutAnyList(@TempDir Path home) {
        try (RunningGateway gateway = RunningGateway.start(home)) {
            HttpResponse<String> answer = gateway.get("/worker/x");

            assertThat(answer.statusCode()).isEqualTo(503);
            assertThat(answer.body()).contains("\"code\":\"no-table\"");
            assertThat(answer.headers().firstValue("Retry-After")).contains("1");
            assertThat(gateway.actuator("/health/readiness").statusCode()).isEqualTo(503);
            assertThat(gateway.actuator("/health/liveness").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void routeThatCannotBeMadeStopsTheStart(@TempDir Path home) {
        String route = "--spring.cloud.gateway.server.webflux.routes[0]";

        assertThatThrownBy(() ->
                        RunningGateway.start(
                                        home,
                                        route + ".id=wrong",
                                        route + ".uri=unit://any",
                                        route + ".predicates[0]=Nonsense=1")
                                .close())
                .hasStackTraceContaining("Unable to find RoutePredicateFactory with name Nonsense");
    }

    @Test
    void infoNamesTheBuildTheJavaAndTheCommit(@TempDir Path home) {
        try (RunningGateway gateway = RunningGateway.start(home)) {
            JsonNode info = JsonMapper.shared().readTree(gateway.actuator("/info").body());

            assertThat(info.at("/build/version").asString()).matches("\\d+\\.\\d+.*");
            assertThat(info.at("/java/version").asString()).startsWith(javaVersion());
            // A checkout without any commit has nothing to name.
            assertThat(info.at("/git/commit/id").isMissingNode())
                    .isEqualTo(getClass().getResource("/git.properties") == null);
        }
    }

    private static String javaVersion() {
        return Integer.toString(Runtime.version().feature());
    }

    @Test
    void showsWhatIsInFlight(@TempDir Path home) throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        try (StubUnit unit =
                        StubUnit.start(
                                "busy-1",
                                (request, reply) -> {
                                    awaitQuietly(end);
                                    reply.send(200, "done");
                                });
                RunningGateway gateway = RunningGateway.start(home)) {
            gateway.up("busy", unit);
            CompletableFuture<HttpResponse<String>> answer =
                    gateway.http()
                            .sendAsync(
                                    gateway.request("/busy/x").GET().build(),
                                    HttpResponse.BodyHandlers.ofString());

            await().atMost(SOON).until(() -> inFlight(gateway) == 1);
            end.countDown();

            assertThat(answer.get(20, TimeUnit.SECONDS).body()).isEqualTo("done");
            await().atMost(SOON).until(() -> inFlight(gateway) == 0);
        } finally {
            end.countDown();
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static int inFlight(RunningGateway gateway) {
        return JsonMapper.shared()
                .readTree(gateway.actuator("/lepton").body())
                .at("/services/busy/0/inFlight")
                .asInt();
    }

    @Test
    void theActuatorAnswersThisMachineAlone(@TempDir Path home) throws Exception {
        try (RunningGateway gateway = RunningGateway.start(home)) {
            assertThat(gateway.actuator("/health").statusCode()).isNotEqualTo(404);
            for (InetAddress address : OwnAddresses.beyondLoopback()) {
                assertThatThrownBy(() -> new Socket(address, gateway.actuatorPort()).close())
                        .as("a connection to %s", address)
                        .isInstanceOf(ConnectException.class);
            }
        }
    }
}
