package dev.lepton.registry.catalog;

import static dev.lepton.registry.support.RestUnit.code;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lepton.client.heartbeat.Heartbeat;
import dev.lepton.client.heartbeat.HeartbeatBatch;
import dev.lepton.client.heartbeat.HeartbeatBatch.UnitHeartbeat;
import dev.lepton.client.heartbeat.HeartbeatBatchAnswer;
import dev.lepton.client.heartbeat.HeartbeatBatchAnswer.Outcome;
import dev.lepton.client.heartbeat.HeartbeatBatchAnswer.UnitOutcome;
import dev.lepton.client.rest.ProtocolJson;
import dev.lepton.client.unit.StartId;
import dev.lepton.client.unit.UnitId;
import dev.lepton.client.unit.UnitState;
import dev.lepton.client.unit.UnitView;
import dev.lepton.registry.support.FreshDatabase;
import dev.lepton.registry.support.RestUnit;
import dev.lepton.registry.support.RunningRegistry;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.context.ApplicationListener;
import org.springframework.context.event.ApplicationEventMulticaster;
import org.springframework.web.context.support.ServletRequestHandledEvent;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The doors of units, queries and desired rows, over HTTP. */
class RestIT {

    private static final JsonMapper JSON = ProtocolJson.lenient();
    private static final String START = "0b9f6a52-6d0c-4b54-9a0e-3f8f5b1c7d11";
    private static final long BATCH_SEQ = 1000;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @RegisterExtension static final FreshDatabase database = FreshDatabase.migrated();

    private static RunningRegistry registry;

    private final String unit = "unit-" + UUID.randomUUID();

    @BeforeAll
    static void start() {
        // So long that no unit of a test falls silent in it.
        registry =
                RunningRegistry.start(
                        database, "lepton.lease.suspect-after=5m", "lepton.lease.duration=10m");
    }

    @AfterAll
    static void stop() {
        registry.close();
    }

    @Test
    void longListComesAsGzipToWhoeverAcceptsIt() {
        for (int i = 0; i < 8; i++) {
            RestUnit.startOf(registry, unit + "-" + i).register();
        }

        assertThat(
                        registry.send(
                                        registry.request("/v1/units")
                                                .header("Accept-Encoding", "gzip"))
                                .headers()
                                .firstValue("Content-Encoding"))
                .hasValue("gzip");
        assertThat(registry.get("/v1/units").headers().firstValue("Content-Encoding")).isEmpty();
    }

    @Test
    void wishIsKeptAndGrowsByGenerations() {
        assertThat(code(registry.get("/v1/units/" + unit + "/desired"))).isEqualTo("no-desired");

        assertThat(generation(wish("{'service':'worker','spec':{'jar':'a.jar'}}"))).isEqualTo(1);
        assertThat(generation(wish("{'service':'worker','run':'stop'}"))).isEqualTo(2);
        assertThat(generation(wish("{'service':'worker','run':'stop'}"))).isEqualTo(2);

        JsonNode stored = JSON.readTree(registry.get("/v1/units/" + unit + "/desired").body());
        assertThat(stored.get("run").asString()).isEqualTo("stop");
        assertThat(stored.get("generation").asLong()).isEqualTo(2);
    }

    @Test
    void wishOnAnOlderGenerationOrFewerRestartsIsStale() {
        wish("{'service':'worker','restartGeneration':5}");

        HttpResponse<String> older = wish("{'service':'worker','expectedGeneration':0}");
        HttpResponse<String> fewer = wish("{'service':'worker','restartGeneration':4}");

        assertThat(code(older)).isEqualTo("stale-generation");
        assertThat(code(fewer)).isEqualTo("stale-generation");
        assertThat(older.statusCode()).isEqualTo(409);
    }

    @Test
    void wishesThatRaceAreStoredOneAfterTheOther() {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Long> generations =
                    IntStream.range(0, 6)
                            .mapToObj(i ->
                                    CompletableFuture.supplyAsync(
                                            () ->
                                                    generation(
                                                            wish(
                                                                    "{'service':'worker','reason':'r"
                                                                            + i
                                                                            + "'}")),
                                            threads))
                            .toList()
                            .stream()
                            .map(CompletableFuture::join)
                            .toList();

            assertThat(generations).containsExactlyInAnyOrder(1L, 2L, 3L, 4L, 5L, 6L);
        }
    }

    @Test
    void unitsAreListedByWhatIsAskedPageByPage() {
        String service = "s-" + UUID.randomUUID();
        IntStream.range(0, 3)
                .forEach(i -> RestUnit.startOf(registry, service + "-" + i).of(service).up());

        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() ->
                        assertThat(listed("?service=" + service + "&state=UP").get("total").asInt())
                                .isEqualTo(3));

        JsonNode second = listed("?service=" + service + "&page=1&size=2");
        assertThat(second.get("total").asInt()).isEqualTo(3);
        assertThat(second.get("units")).hasSize(1);
        assertThat(second.get("units").get(0).get("unitId").asString()).isEqualTo(service + "-2");
        assertThat(second.get("position").asString()).contains(":");
        assertThat(second.get("ageMillis").asLong()).isNotNegative();
        assertThat(listed("?service=" + service + "&label=team=blue").get("total").asInt())
                .isZero();
        assertThat(registry.get("/v1/services").body())
                .contains("{\"service\":\"" + service + "\",\"units\":3,\"byState\":{\"UP\":3}}");
    }

    @Test
    void unitsAreListedByTheirNode() {
        String service = "s-" + UUID.randomUUID();
        service(service + "-a", service).on("node-a").register();
        service(service + "-b", service).on("node-b").register();
        service(service + "-c", service).register();
        awaitListed(service, 3);

        assertThat(unitsListed("?service=" + service + "&node=node-b"))
                .containsExactly(service + "-b");
    }

    @Test
    void unitsAreListedByAllTheLabelsThatAreAskedFor() {
        String service = "s-" + UUID.randomUUID();
        service(service + "-a", service).labelled(Map.of("team", "blue", "tier", "web")).register();
        service(service + "-b", service)
                .labelled(Map.of("team", "blue", "tier", "batch"))
                .register();
        service(service + "-c", service).labelled(Map.of("team", "red")).register();
        awaitListed(service, 3);

        assertThat(unitsListed("?service=" + service + "&label=team=blue"))
                .containsExactly(service + "-a", service + "-b");
        assertThat(unitsListed("?service=" + service + "&label=team=blue&label=tier=web"))
                .containsExactly(service + "-a");
    }

    @Test
    void drainedUnitThatIsAskedToServeAgainIsUp() {
        RestUnit up = serving();

        assertThat(RestUnit.view(up.drain()).state()).isEqualTo(UnitState.DRAINING);
        assertThat(up.state()).isEqualTo(UnitState.DRAINING);

        assertThat(RestUnit.view(up.undrain()).state()).isEqualTo(UnitState.UP);
        assertThat(up.state()).isEqualTo(UnitState.UP);
    }

    @Test
    void batchOfBeatsIsAnsweredForEachUnitInItsOrder() {
        RestUnit exited = RestUnit.startOf(registry, unit + "-replaced").up();
        exited.exited(1);
        RestUnit next = exited.nextStart();
        next.register();
        RestUnit live = serving();
        HttpResponse<String> answer =
                registry.send(
                        "POST",
                        "/v1/heartbeats",
                        JSON.writeValueAsString(
                                new HeartbeatBatch(
                                        null,
                                        List.of(
                                                beat(exited.id(), exited.start()),
                                                beat(live.id(), live.start()),
                                                beat(unit + "-nobody", StartId.random())))));

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(JSON.readValue(answer.body(), HeartbeatBatchAnswer.class).outcomes())
                .containsExactly(
                        new UnitOutcome(new UnitId(exited.id()), Outcome.SUPERSEDED, null),
                        new UnitOutcome(new UnitId(live.id()), Outcome.ACCEPTED, UnitState.UP),
                        new UnitOutcome(
                                new UnitId(unit + "-nobody"), Outcome.NOT_REGISTERED, null));
        await().atMost(PATIENCE).until(() -> storedMark(live), seq -> seq == BATCH_SEQ);
        assertThat(storedMark(next)).isZero();
    }

    @Test
    void requestIsHandledByAVirtualThread() {
        List<Boolean> virtual = new CopyOnWriteArrayList<>();
        ApplicationListener<ServletRequestHandledEvent> listener =
                new ApplicationListener<>() {
                    @Override
                    public void onApplicationEvent(ServletRequestHandledEvent handled) {
                        virtual.add(Thread.currentThread().isVirtual());
                    }
                };
        var events = registry.bean(ApplicationEventMulticaster.class);
        events.addApplicationListener(listener);
        try {
            registry.get("/v1/services");

            await().atMost(PATIENCE).until(() -> !virtual.isEmpty());
        } finally {
            events.removeApplicationListener(listener);
        }
        assertThat(virtual).containsOnly(true);
    }

    @Test
    void drainIsRefusedWhereTheLifecycleHasNoSuchMove() {
        RestUnit starting = RestUnit.startOf(registry, unit);
        starting.register();

        HttpResponse<String> refused = starting.drain();

        assertThat(refused.statusCode()).isEqualTo(409);
        assertThat(code(refused)).isEqualTo("not-allowed");
    }

    @Test
    void operatorRemovesOnlyWhatDoesNotServe() {
        RestUnit up = RestUnit.startOf(registry, unit).up();
        await().until(() -> up.state().name().equals("UP"));

        HttpResponse<String> refused = registry.send("DELETE", "/v1/units/" + unit, "");
        up.exited(1);
        HttpResponse<String> removed = registry.send("DELETE", "/v1/units/" + unit, "");

        assertThat(code(refused)).isEqualTo("not-allowed");
        assertThat(removed.statusCode()).isEqualTo(204);
        assertThat(registry.get("/v1/units/" + unit).statusCode()).isEqualTo(404);
    }

    static Stream<Arguments> badInput() {
        String address = "'address':{'host':'127.0.0.1','port':9001}";
        return Stream.of(
                bad("POST", "/v1/units", "{'unitId':", 400),
                bad("POST", "/v1/units", "", 400),
                bad("POST", "/v1/units", "[]", 400),
                bad("POST", "/v1/units", "{}", 400),
                bad("POST", "/v1/units", registration("bad", "'colour':'red'," + address), 400),
                bad("POST", "/v1/units", registration("bad", "'weight':-1," + address), 400),
                bad("POST", "/v1/units", registration("bad", "'weight':{}," + address), 400),
                bad("POST", "/v1/units", registration("bad", "'pid':0," + address), 400),
                bad(
                        "POST",
                        "/v1/units",
                        registration("bad", "'version':'a\\u0000b'," + address),
                        400),
                bad(
                        "POST",
                        "/v1/units",
                        registration("bad", "'labels':{'a':'\\u001b[2J'}," + address),
                        400),
                bad("POST", "/v1/units", registration("../bad", address), 400),
                bad("POST", "/v1/units", registration("bad\\u0000", address), 400),
                bad(
                        "POST",
                        "/v1/units",
                        registration("bad", "'address':{'host':'h','port':70000}"),
                        400),
                bad("POST", "/v1/units", "'" + "x".repeat(10 * 1024 * 1024) + "'", 413),
                bad("PUT", "/v1/units/bad/heartbeat", beat("'seq':-1"), 400),
                bad("PUT", "/v1/units/bad/heartbeat", beat("'seq':'many'"), 400),
                bad("PUT", "/v1/units/bad/heartbeat", beat("'seq':1"), 404),
                bad("PUT", "/v1/units/%1b/heartbeat", beat("'seq':1"), 400),
                bad("POST", "/v1/heartbeats", "{'beats':[]}", 400),
                bad("POST", "/v1/units/bad/drain", "{}", 404),
                bad("POST", "/v1/units/bad/drain", "{'reason':'a\\u0007b'}", 400),
                bad("POST", "/v1/units/bad/exit", "{'startId':'x','expected':false}", 400),
                bad(
                        "POST",
                        "/v1/units/bad/exit",
                        "{'startId':'" + START + "','expected':false}",
                        404),
                bad("DELETE", "/v1/units/bad?startId=x", "", 400),
                bad("DELETE", "/v1/units/bad", "", 404),
                bad("GET", "/v1/units/bad", "", 404),
                bad("GET", "/v1/units?page=-1", "", 400),
                bad("GET", "/v1/units?size=1001", "", 400),
                bad("GET", "/v1/units?size=many", "", 400),
                bad("GET", "/v1/units?state=FINE", "", 400),
                bad("GET", "/v1/units?label=blue", "", 400),
                bad("PUT", "/v1/units/bad/desired", "{}", 400),
                bad(
                        "PUT",
                        "/v1/units/bad/desired",
                        "{'service':'worker','restartGeneration':-1}",
                        400),
                bad(
                        "PUT",
                        "/v1/units/bad/desired",
                        "{'service':'worker','reason':'a\\u0000'}",
                        400),
                bad(
                        "PUT",
                        "/v1/units/bad/desired",
                        "{'service':'worker','spec':{'a':['\\u0000']}}",
                        400),
                bad("PUT", "/v1/units/bad/desired", "{'service':'worker','run':'fly'}", 400));
    }

    @ParameterizedTest(name = "{0} {1} {3}")
    @MethodSource("badInput")
    void badInputIsRefusedAsAProblemAndNothingIsStored(
            String method, String path, String body, int status) {
        List<String> before = everStored();

        HttpResponse<String> answer = registry.send(method, path, body);

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(code(answer)).isNotBlank();
        assertThat(everStored()).isEqualTo(before);
    }

    static Stream<Arguments> badInputForAUnit() {
        return Stream.of(
                bad("PUT", "/heartbeat", "{'startId':", 400),
                bad("PUT", "/heartbeat", "{'seq':2}", 400),
                bad("PUT", "/heartbeat", ownBeat("'seq':-1"), 400),
                bad("PUT", "/heartbeat", ownBeat("'seq':'many'"), 400),
                bad("PUT", "/heartbeat", ownBeat("'seq':2,'selfCheck':'fine'"), 400),
                bad("PUT", "/heartbeat", ownBeat("'seq':2,'selfCheck':'unanswered','x':1"), 400),
                bad("POST", "/drain", "{'startId':'%s','reason':'a\\u0007b'}", 400),
                bad("POST", "/drain", "{'startId':'x'}", 400),
                bad("POST", "/drain", "[]", 400),
                bad("POST", "/exit", "{}", 400),
                bad("POST", "/exit", "{'startId':'%s','exitCode':256,'expected':true}", 400),
                bad("POST", "/exit", "{'startId':'%s','signal':0,'expected':false}", 400),
                bad("POST", "/exit", "{'startId':'%s','expected':'perhaps'}", 400),
                bad("PUT", "/desired", "{}", 400),
                bad("PUT", "/desired", "{'service':'worker','run':'fly'}", 400),
                bad("PUT", "/desired", "{'service':'worker','restartGeneration':-1}", 400));
    }

    /** Where {@code %s} stands in a body, it names the very start that holds the unit. */
    @ParameterizedTest(name = "{0} {1} {2}")
    @MethodSource("badInputForAUnit")
    void badInputLeavesTheLiveUnitThatItNamesAsItIs(
            String method, String path, String body, int status) {
        RestUnit live = serving();
        UnitView before = live.view();
        List<String> changes = logged(live);

        HttpResponse<String> answer =
                registry.send(
                        method,
                        "/v1/units/" + live.id() + path,
                        body.replace("%s", live.start().toString()));

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(code(answer)).isNotBlank();
        assertThat(live.view()).isEqualTo(before);
        assertThat(logged(live)).isEqualTo(changes);
        assertThat(code(registry.get("/v1/units/" + live.id() + "/desired")))
                .isEqualTo("no-desired");
    }

    private static Arguments bad(String method, String path, String body, int status) {
        return Arguments.of(method, path, body.replace('\'', '"'), status);
    }

    private static String registration(String unitId, String rest) {
        return "{'unitId':'%s','startId':'%s','service':'worker',%s}"
                .formatted(unitId, START, rest);
    }

    private static String beat(String seq) {
        return "{'startId':'%s',%s,'completedRequests':0,'inFlight':0}".formatted(START, seq);
    }

    private static String ownBeat(String rest) {
        return "{'startId':'%s'," + rest + "}";
    }

    private static UnitHeartbeat beat(String unitId, StartId start) {
        return new UnitHeartbeat(
                new UnitId(unitId), new Heartbeat(start, BATCH_SEQ, null, 0, 0, null));
    }

    private static RestUnit service(String unitId, String service) {
        return RestUnit.startOf(registry, unitId).of(service);
    }

    /** A unit that is up. */
    private RestUnit serving() {
        RestUnit up = RestUnit.startOf(registry, unit).up();
        await().atMost(PATIENCE).until(up::state, UnitState.UP::equals);
        return up;
    }

    private HttpResponse<String> wish(String body) {
        return registry.send("PUT", "/v1/units/" + unit + "/desired", body.replace('\'', '"'));
    }

    private static long generation(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return JSON.readTree(answer.body()).get("generation").asLong();
    }

    private static JsonNode listed(String query) {
        return JSON.readTree(registry.get("/v1/units" + query).body());
    }

    private static List<String> unitsListed(String query) {
        return listed(query)
                .get("units")
                .valueStream()
                .map(listed -> listed.get("unitId").asString())
                .toList();
    }

    /** The lists follow the change log. */
    private static void awaitListed(String service, int units) {
        await().atMost(PATIENCE)
                .until(() -> listed("?service=" + service).get("total").asInt() == units);
    }

    private static List<String> logged(RestUnit unit) {
        return database.logged(unit.id());
    }

    private static long storedMark(RestUnit unit) {
        return database.jdbc()
                .sql("SELECT seq FROM unit_mark WHERE unit_id = ?")
                .param(unit.id())
                .query(Long.class)
                .single();
    }

    /** Not a count of changes: starts of the other tests pass their deadline meanwhile. */
    private static List<String> everStored() {
        return database.jdbc()
                .sql(
                        """
                        SELECT unit_id FROM change_log
                        UNION SELECT id FROM unit
                        UNION SELECT unit_id FROM desired
                        ORDER BY 1\
                        """)
                .query(String.class)
                .list();
    }
}
