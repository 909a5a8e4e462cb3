package dev.lepton.registry.node;

import static dev.lepton.registry.support.RestUnit.code;
import static dev.lepton.registry.support.RestUnit.startOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lepton.client.node.NodeBeat;
import dev.lepton.client.node.NodeBeat.Observed;
import dev.lepton.client.rest.ProtocolJson;
import dev.lepton.client.unit.ServiceName;
import dev.lepton.client.unit.StartId;
import dev.lepton.client.unit.UnitId;
import dev.lepton.client.unit.UnitState;
import dev.lepton.registry.support.FreshDatabase;
import dev.lepton.registry.support.RestUnit;
import dev.lepton.registry.support.RunningRegistry;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class NodesIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final JsonMapper JSON = ProtocolJson.lenient();

    @RegisterExtension static final FreshDatabase database = FreshDatabase.migrated();

    private static RunningRegistry registry;

    private final String prefix = UUID.randomUUID().toString();
    private final String service = "service-" + prefix;
    private final String a = "node-a-" + prefix;
    private final String b = "node-b-" + prefix;
    private final String c = "node-c-" + prefix;
    private final String d = "node-d-" + prefix;
    private final ScheduledExecutorService beaters =
            Executors.newScheduledThreadPool(2, Thread.ofVirtual().factory());
    private final Map<String, ScheduledFuture<?>> beating = new HashMap<>();

    @BeforeAll
    static void start() {
        registry =
                RunningRegistry.start(
                        database,
                        "lepton.node.lost-after=4s",
                        "lepton.node.mass-lost-after=1h",
                        "lepton.leader.renew-interval=100ms");
    }

    @AfterAll
    static void stop() {
        registry.close();
    }

    /** Also those whose last beat is yet to be stored. */
    @AfterEach
    void nodesOfThisTestAreGone() throws InterruptedException {
        beaters.shutdownNow();
        assertThat(beaters.awaitTermination(20, TimeUnit.SECONDS)).isTrue();
        await().during(Duration.ofSeconds(1)).atMost(PATIENCE).until(NodesIT::noneIsStored);
    }

    private static boolean noneIsStored() {
        long stored = database.jdbc().sql("SELECT count(*) FROM node").query(Long.class).single();
        database.jdbc().sql("TRUNCATE node, node_mark").update();
        return stored == 0;
    }

    @Test
    void nodeThatBeatsIsListedWithWhatItSaysAndItsUnits() {
        RestUnit unit = unit("a1", a).up();
        StartId supervisor = StartId.random();

        NodeBeat beat =
                new NodeBeat(
                        supervisor,
                        1,
                        3,
                        List.of(new ServiceName(service)),
                        List.of(new Observed(new UnitId(unit.id()), 5)));
        HttpResponse<String> answer = beat(a, beat);

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        JsonNode said = JSON.readTree(answer.body());
        assertThat(said.get("interval").asString()).isEqualTo("PT1S");
        assertThat(said.get("probe")).isEmpty();
        assertThat(said.get("policyVersion").asLong()).isZero();
        await().atMost(PATIENCE).until(() -> node(a) != null);
        JsonNode node = node(a);
        assertThat(node.get("supervisorId").asString()).isEqualTo(supervisor.toString());
        assertThat(node.get("capacity").asInt()).isEqualTo(3);
        assertThat(node.get("services").get(0).asString()).isEqualTo(service);
        assertThat(node.get("units").get(0).asString()).isEqualTo(unit.id());
        assertThat(node.get("observed").get(0).get("generation").asLong()).isEqualTo(5);
    }

    @Test
    void beatIsStoredOnceMarksReachPostgres() {
        beatsEverySecond(a, 1);

        await().atMost(PATIENCE).until(() -> stateOf(a), "LIVE"::equals);
        assertThat(
                        JSON.readTree(
                                        beat(a, new NodeBeat(StartId.random(), 1, 1, null, null))
                                                .body())
                                .get("stored")
                                .asBoolean())
                .isTrue();
    }

    @Test
    void unitThatAGatewayDoesNotReachIsToBeProbedByItsNode() {
        RestUnit unit = unit("a1", a).up();
        StartId supervisor = StartId.random();
        AtomicLong seq = new AtomicLong();

        await().atMost(PATIENCE)
                .until(
                        () -> {
                            assertThat(unreachable(unit).statusCode()).isEqualTo(200);
                            return probes(
                                    a,
                                    new NodeBeat(supervisor, seq.incrementAndGet(), 1, null, null));
                        },
                        List.of(unit.id())::equals);
    }

    private static HttpResponse<String> unreachable(RestUnit unit) {
        Map<String, Object> evidence = new LinkedHashMap<>();
        evidence.put("startId", unit.start());
        evidence.put("kind", "unreachable");
        evidence.put("observer", "gateway-1");
        evidence.put("detail", "refused");
        evidence.put("failing", 1);
        evidence.put("known", 3);
        return unit.send("POST", "/evidence", evidence);
    }

    @Test
    void unitsOfALostNodeMoveOnceToANodeWithRoom() {
        RestUnit dead = exited("a1", a);
        RestUnit alive = beatingUnit("a2", a);
        beatsEverySecond(a, 3);
        beatsEverySecond(b, 3);
        awaitLive(a, b);

        silence(a);

        await().atMost(PATIENCE).until(() -> desiredNode(dead), b::equals);
        JsonNode desired = desired(dead);
        assertThat(desired.get("reason").asString())
                .isEqualTo("moved from %s, which is lost, to %s".formatted(a, b));
        assertThat(desired.get("generation").asLong()).isEqualTo(1);
        assertThat(stateOf(a)).isEqualTo("LOST");
        assertThat(registry.get("/v1/units/" + alive.id() + "/desired").statusCode())
                .isEqualTo(404);

        beatsEverySecond(c, 3);
        beatsEverySecond(d, 3);
        awaitLive(c, d);
        silence(b);
        await().atMost(PATIENCE).until(() -> stateOf(b), "LOST"::equals);
        await().during(Duration.ofSeconds(2))
                .atMost(PATIENCE)
                .until(() -> desired(dead).get("generation").asLong() == 1);
        assertThat(desiredNode(dead)).isEqualTo(b);
    }

    @Test
    void whatIsDesiredOfAUnitMovesWithIt() {
        RestUnit dead = exited("a1", a);
        dead.send(
                "PUT",
                "/desired",
                Map.of(
                        "service",
                        service,
                        "node",
                        a,
                        "spec",
                        Map.of("jar", "w.jar"),
                        "restartGeneration",
                        4));
        beatsEverySecond(a, 3);
        beatsEverySecond(b, 3);
        awaitLive(a, b);

        silence(a);

        await().atMost(PATIENCE).until(() -> desiredNode(dead), b::equals);
        assertThat(desired(dead).get("generation").asLong()).isEqualTo(2);
        assertThat(desired(dead).get("spec").get("jar").asString()).isEqualTo("w.jar");
        assertThat(desired(dead).get("restartGeneration").asLong()).isEqualTo(4);
    }

    @Test
    void nothingMovesWhenMostNodesFallSilentAtOnce() {
        RestUnit one = exited("a1", a);
        RestUnit other = exited("b1", b);
        beatsEverySecond(a, 3);
        beatsEverySecond(b, 3);
        beatsEverySecond(c, 3);
        awaitLive(a, b, c);

        silence(a);
        silence(b);

        await().atMost(PATIENCE)
                .until(() -> stateOf(a).equals("LOST") && stateOf(b).equals("LOST"));
        // Two more looks of the leader: it has had the occasion.
        await().pollDelay(Duration.ofSeconds(3))
                .atMost(PATIENCE)
                .until(() -> stateOf(c), "LIVE"::equals);
        for (RestUnit unit : List.of(one, other)) {
            assertThat(registry.get("/v1/units/" + unit.id() + "/desired").statusCode())
                    .isEqualTo(404);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"supervisorId\": \"x\", \"seq\": 1, \"capacity\": 1}",
                "{\"supervisorId\": \"0b9f6a52-6d0c-4b54-9a0e-3f8f5b1c7d11\", \"seq\": 0, \"capacity\": 1}",
                "{\"supervisorId\": \"0b9f6a52-6d0c-4b54-9a0e-3f8f5b1c7d11\", \"seq\": 1, \"capacity\": 1001}",
                "{\"supervisorId\": \"0b9f6a52-6d0c-4b54-9a0e-3f8f5b1c7d11\", \"seq\": 1, \"capacity\": 1, \"services\": [\"A B\"]}",
                "{\"supervisorId\": \"0b9f6a52-6d0c-4b54-9a0e-3f8f5b1c7d11\", \"seq\": 1, \"capacity\": 1, \"observed\": [{\"unitId\": \"a\", \"generation\": -1}]}"
            })
    void beatThatIsNoneIsRefused(String body) {
        HttpResponse<String> answer = registry.send("PUT", "/v1/nodes/node-a/heartbeat", body);

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
        assertThat(code(answer)).isEqualTo("invalid");
    }

    @Test
    void nameThatIsNoneIsRefused() {
        HttpResponse<String> answer =
                registry.send(
                        "PUT",
                        "/v1/nodes/a%20b/heartbeat",
                        JSON.writeValueAsString(new NodeBeat(StartId.random(), 1, 1, null, null)));

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
        assertThat(code(answer)).isEqualTo("invalid");
    }

    private RestUnit unit(String name, String node) {
        return startOf(registry, prefix + "-" + name).of(service).on(node);
    }

    private RestUnit exited(String name, String node) {
        RestUnit unit = unit(name, node).up();
        await().atMost(PATIENCE).until(unit::state, UnitState.UP::equals);
        unit.exited(137);
        return unit;
    }

    private RestUnit beatingUnit(String name, String node) {
        RestUnit unit = unit(name, node).up();
        beaters.scheduleAtFixedRate(unit::beat, 0, 500, TimeUnit.MILLISECONDS);
        return unit;
    }

    private void beatsEverySecond(String node, int capacity) {
        StartId supervisor = StartId.random();
        AtomicLong seq = new AtomicLong();
        beating.put(
                node,
                beaters.scheduleAtFixedRate(
                        () ->
                                beat(
                                        node,
                                        new NodeBeat(
                                                supervisor,
                                                seq.incrementAndGet(),
                                                capacity,
                                                List.of(new ServiceName(service)),
                                                null)),
                        0,
                        1,
                        TimeUnit.SECONDS));
    }

    private void silence(String node) {
        beating.get(node).cancel(false);
    }

    private static HttpResponse<String> beat(String node, NodeBeat beat) {
        return registry.send(
                "PUT", "/v1/nodes/" + node + "/heartbeat", JSON.writeValueAsString(beat));
    }

    private static List<String> probes(String node, NodeBeat beat) {
        JsonNode probe = JSON.readTree(beat(node, beat).body()).get("probe");
        return StreamSupport.stream(probe.spliterator(), false).map(JsonNode::asString).toList();
    }

    private static void awaitLive(String... nodes) {
        for (String node : nodes) {
            await().atMost(PATIENCE).until(() -> stateOf(node), "LIVE"::equals);
        }
    }

    private static String stateOf(String name) {
        JsonNode node = node(name);
        return node == null ? "none" : node.get("state").asString();
    }

    private static @Nullable JsonNode node(String name) {
        JsonNode nodes = JSON.readTree(registry.get("/v1/nodes").body()).get("nodes");
        return StreamSupport.stream(nodes.spliterator(), false)
                .filter(node -> node.get("name").asString().equals(name))
                .findFirst()
                .orElse(null);
    }

    private static String desiredNode(RestUnit unit) {
        return desired(unit).path("node").asString("none");
    }

    private static JsonNode desired(RestUnit unit) {
        return JSON.readTree(registry.get("/v1/units/" + unit.id() + "/desired").body());
    }
}
