package dev.lepton.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import dev.lepton.client.unit.UnitState;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What an operator sees of a running gateway, and what Prometheus does. */
@ExtendWith(LeakCheck.class)
class StatusIT {

    private static final Duration SOON = Duration.ofSeconds(20);
    private static final String UNIT = "lepton_gateway_unit_";
    private static final String SERVICE = "lepton_gateway_service_";

    private static RunningGateway gateway;

    @BeforeAll
    static void start(@TempDir Path home) {
        gateway =
                RunningGateway.start(
                        home,
                        "--lepton.gateway.slow-start.window=1h",
                        "--lepton.gateway.attempt-timeout=20s");
        // What comes with the first table is not new, and all that follows is.
        gateway.push();
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    private static JsonNode status() {
        return JsonMapper.shared().readTree(gateway.actuator("/lepton").body());
    }

    /** Each line by what is before its value. */
    private static Map<String, Double> metrics() {
        HttpResponse<String> answer = gateway.actuator("/prometheus");
        assertThat(answer.statusCode()).isEqualTo(200);
        Map<String, Double> values = new HashMap<>();
        answer.body()
                .lines()
                .filter(line -> !line.startsWith("#"))
                .forEach(line -> {
                    int blank = line.lastIndexOf(' ');
                    values.put(line.substring(0, blank), Double.valueOf(line.substring(blank + 1)));
                });
        return values;
    }

    private static String of(String service, String unit) {
        return "{service=\"%s\",unit=\"%s\"}".formatted(service, unit);
    }

    private static String of(String service, String state, String unit) {
        return "{service=\"%s\",state=\"%s\",unit=\"%s\"}".formatted(service, state, unit);
    }

    private static String of(String service) {
        return "{service=\"%s\"}".formatted(service);
    }

    @Test
    void prometheusReadsWhatTheStatusShows() throws Exception {
        CountDownLatch goOn = new CountDownLatch(1);
        StubUnit busy =
                StubUnit.start(
                        "seen-1",
                        (request, reply) -> {
                            if (request.target().equals("/wait")) {
                                awaitLatch(goOn);
                            }
                            reply.send(200, "ok");
                        });
        StubUnit refused = StubUnit.good("seen-2");
        StubUnit down = StubUnit.good("seen-3");
        gateway.put(StubUnit.saying(busy.view("seen", UnitState.UP), null, 300, null));
        gateway.put(refused.view("seen", UnitState.UP));
        gateway.put(down.view("seen", UnitState.DOWN));
        gateway.push();
        gateway.tracked(refused).breaker().refused();
        for (int i = 0; i < 5; i++) {
            assertThat(gateway.get("/seen/x").statusCode()).isEqualTo(200);
        }
        gateway.tracked(refused).breaker().refused();
        CompletableFuture<HttpResponse<String>> waiting =
                CompletableFuture.supplyAsync(() -> gateway.post("/seen/wait", "body"));
        await().atMost(SOON).until(() -> gateway.tracked(busy).inFlight() == 1);

        JsonNode status = status();
        Map<String, Double> metrics = metrics();

        JsonNode units = status.at("/services/seen");
        assertThat(units).hasSize(3);
        for (JsonNode unit : units) {
            assertAgree(unit, metrics);
        }
        assertThat(units.get(0).at("/inFlight").asInt()).isEqualTo(1);
        assertThat(metrics.get(UNIT + "weight" + of("seen", "seen-1")))
                .as("in its slow start")
                .isBetween(30.0, 40.0);
        assertThat(metrics).containsEntry(UNIT + "breaker" + of("seen", "open", "seen-2"), 1.0);
        assertThat(metrics).containsEntry(UNIT + "state" + of("seen", "down", "seen-3"), 1.0);
        assertThat(metrics).containsEntry(SERVICE + "waiting" + of("seen"), 1.0);
        assertThat(metrics.get(SERVICE + "limit" + of("seen")))
                .isEqualTo(status.at("/loads/seen/limit").asDouble())
                .isEqualTo(1000);
        JsonNode budget = status.at("/retryBudgets/seen");
        assertThat(metrics.get(SERVICE + "retry_budget_left" + of("seen")))
                .isEqualTo(budget.at("/left").asDouble())
                .isEqualTo(101 - budget.at("/spent").asInt());
        assertThat(metrics.get(SERVICE + "retry_budget_spent" + of("seen")))
                .isEqualTo(budget.at("/spent").asDouble());
        assertThat(metrics.get(SERVICE + "hedge_ratio" + of("seen")))
                .isEqualTo(budget.at("/hedges").asDouble() / budget.at("/offered").asDouble());

        goOn.countDown();
        assertThat(waiting.get(20, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
        List.of(busy, refused, down).forEach(StubUnit::close);
    }

    private static void assertAgree(JsonNode unit, Map<String, Double> metrics) {
        String id = unit.at("/id").asString();
        String labels = of("seen", id);
        assertThat(metrics)
                .containsEntry(
                        UNIT + "routable" + labels, unit.at("/routable").asBoolean() ? 1.0 : 0.0)
                .containsEntry(UNIT + "in_flight" + labels, unit.at("/inFlight").asDouble())
                .containsEntry(
                        UNIT + "state" + of("seen", lower(unit.at("/state").asString()), id), 1.0);
        // A little later than the status, these have gone on.
        assertThat(metrics.get(UNIT + "weight" + labels))
                .isCloseTo(
                        unit.at("/weight").asDouble() * unit.at("/share").asDouble(), within(1.0));
        assertThat(metrics.get(UNIT + "latency_seconds" + labels) * 1000)
                .isCloseTo(unit.at("/latencyMillis").asDouble(), within(1000.0));
        boolean asked = !unit.at("/breaker").isNull();
        assertThat(
                        metrics.keySet().stream()
                                .filter(line -> line.startsWith(UNIT + "breaker{service=\"seen\""))
                                .filter(line -> line.endsWith("unit=\"" + id + "\"}")))
                .isEqualTo(
                        asked
                                ? List.of(
                                        UNIT
                                                + "breaker"
                                                + of(
                                                        "seen",
                                                        lower(unit.at("/breaker").asString()),
                                                        id))
                                : List.of());
    }

    private static String lower(String state) {
        return state.toLowerCase(Locale.ROOT);
    }

    private static void awaitLatch(CountDownLatch latch) {
        try {
            assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void nothingIsLeftOfAUnitOrAServiceThatIsGone() {
        StubUnit stays = StubUnit.good("leaving-1");
        StubUnit goes = StubUnit.good("leaving-2");
        gateway.up("leaving", stays, goes);
        assertThat(gateway.get("/leaving/x").statusCode()).isEqualTo(200);
        assertThat(metrics().keySet())
                .anyMatch(line -> line.contains("leaving-1"))
                .anyMatch(line -> line.contains("leaving-2"))
                .anyMatch(line -> line.startsWith(SERVICE + "limit{service=\"leaving\""));

        gateway.remove(goes);
        assertThat(metrics().keySet())
                .anyMatch(line -> line.contains("leaving-1"))
                .noneMatch(line -> line.contains("leaving-2"));

        gateway.remove(stays);
        assertThat(metrics().keySet())
                .noneMatch(line -> line.contains("leaving-1"))
                .noneMatch(line -> line.startsWith(SERVICE) && line.contains("leaving"));
        assertThat(status().at("/services").has("leaving")).isFalse();
        List.of(stays, goes).forEach(StubUnit::close);
    }

    @Test
    void requestsThatAreHeldAreSeenInBoth() throws Exception {
        StubUnit unit = StubUnit.good("coming-1");
        gateway.put(unit.supervised("coming", UnitState.RECOVERING, 1));
        gateway.push();
        CompletableFuture<HttpResponse<String>> held =
                CompletableFuture.supplyAsync(() -> gateway.get("/coming/x"));
        await().atMost(SOON).until(() -> status().at("/held/coming").asInt() == 1);

        assertThat(metrics()).containsEntry("lepton_gateway_held" + of("coming"), 1.0);

        gateway.put(unit.supervised("coming", UnitState.UP, 1));
        gateway.push();
        assertThat(held.get(20, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
        unit.close();
    }

    @Test
    void statusCanOnlyBeRead() {
        HttpResponse<String> answer =
                gateway.send(
                        HttpRequest.newBuilder(
                                        URI.create(
                                                "http://127.0.0.1:"
                                                        + gateway.actuatorPort()
                                                        + "/actuator/lepton"))
                                .POST(HttpRequest.BodyPublishers.ofString("{}")));

        assertThat(answer.statusCode()).isEqualTo(405);
    }
}
