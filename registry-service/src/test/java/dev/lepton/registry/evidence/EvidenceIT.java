package dev.lepton.registry.evidence;

import static dev.lepton.registry.support.RestUnit.code;
import static dev.lepton.registry.support.RestUnit.startOf;
import static dev.lepton.registry.support.RestUnit.view;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lepton.client.unit.NodeName;
import dev.lepton.client.unit.StartId;
import dev.lepton.client.unit.UnitId;
import dev.lepton.client.unit.UnitState;
import dev.lepton.registry.support.FreshDatabase;
import dev.lepton.registry.support.RestUnit;
import dev.lepton.registry.support.RunningRegistry;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EvidenceIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @RegisterExtension static final FreshDatabase database = FreshDatabase.migrated();

    /** The one that is told is not the one that leads. */
    private static RunningRegistry leader;

    private static RunningRegistry registry;

    private final String service = "service-" + UUID.randomUUID();
    private final String node = "node-" + UUID.randomUUID();
    private final ScheduledExecutorService beaters =
            Executors.newScheduledThreadPool(2, Thread.ofVirtual().factory());
    private int units;

    @BeforeAll
    static void start() {
        // A lease that no test waits for: whoever is down is so by what was seen of it.
        String lease = "lepton.lease.duration=10m";
        leader = RunningRegistry.start(database, lease);
        await().atMost(PATIENCE)
                .until(() ->
                        database.jdbc()
                                .sql("SELECT count(*) = 1 FROM leader WHERE holder IS NOT NULL")
                                .query(Boolean.class)
                                .single());
        registry = RunningRegistry.start(database, lease);
    }

    @AfterAll
    static void stop() {
        registry.close();
        leader.close();
    }

    @AfterEach
    void stopBeating() {
        beaters.shutdownNow();
    }

    @Test
    void suspectedUnitIsDownAsSoonAsItsSupervisorsProbeFailsToo() {
        beating();
        beating();
        RestUnit silent = up(unit());
        awaitState(silent, UnitState.SUSPECT);

        beaters.scheduleAtFixedRate(
                () -> evidence(silent, "probe-failed", 0, 0), 0, 1, TimeUnit.SECONDS);

        awaitState(silent, UnitState.DOWN);
        assertThat(silent.view().reason())
                .startsWith("supervisor of node-a does not reach it: timed out; no beat for ");
        assertThat(logged(silent)).endsWith("suspected", "probe-failed");
    }

    @Test
    void unitThatBeatsStaysUpWhateverIsToldOfIt() {
        RestUnit unit = beating();
        beating();

        assertThat(view(evidence(unit, "probe-failed", 0, 0)).state()).isEqualTo(UnitState.UP);
        assertThat(view(evidence(unit, "unreachable", 1, 3)).state()).isEqualTo(UnitState.UP);
        await().atMost(PATIENCE).until(() -> leaderHeardOf(unit));

        assertThat(unit.state()).isEqualTo(UnitState.UP);
    }

    @Test
    void provenHangTakesTheUnitDownAtOnce() {
        RestUnit unit = beating();

        assertThat(view(evidence(unit, "hung", 0, 0)).state()).isEqualTo(UnitState.DOWN);

        assertThat(logged(unit)).contains("hung");
    }

    @Test
    void gatewaysWordBecomesARequestToProbeAtEveryReplica() {
        RestUnit unit = beating();

        assertThat(evidence(unit, "unreachable", 1, 3).statusCode()).isEqualTo(200);

        awaitRequest(leader, unit);
        awaitRequest(registry, unit);
    }

    @Test
    void gatewayThatFailsAtHalfOfItsUnitsIsAtFaultItself() {
        RestUnit blamed = beating();
        RestUnit doubted = beating();

        assertThat(evidence(blamed, "unreachable", 1, 2).statusCode()).isEqualTo(200);
        assertThat(evidence(doubted, "unreachable", 1, 3).statusCode()).isEqualTo(200);

        assertThat(observationsOf(blamed)).isZero();
        assertThat(observationsOf(doubted)).isEqualTo(1);
    }

    @Test
    void evidenceAboutAnotherStartIsSuperseded() {
        RestUnit unit = beating();

        HttpResponse<String> answer = evidence(unit, StartId.random(), "hung", 0, 0);

        assertThat(answer.statusCode()).isEqualTo(409);
        assertThat(code(answer)).isEqualTo("superseded");
    }

    @Test
    void evidenceAboutAUnitThatNobodyKnowsIsNotFound() {
        HttpResponse<String> answer = evidence(unit(), "probe-failed", 0, 0);

        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(code(answer)).isEqualTo("not-registered");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "[]",
                "{\"startId\": \"x\", \"kind\": \"hung\", \"observer\": \"a\"}",
                "{\"startId\": \"0b9f6a52-6d0c-4b54-9a0e-3f8f5b1c7d11\", \"kind\": \"ill\", \"observer\": \"a\"}",
                "{\"startId\": \"0b9f6a52-6d0c-4b54-9a0e-3f8f5b1c7d11\", \"kind\": \"hung\"}",
                "{\"startId\": \"0b9f6a52-6d0c-4b54-9a0e-3f8f5b1c7d11\", \"kind\": \"hung\", \"observer\": \" \"}",
                "{\"startId\": \"0b9f6a52-6d0c-4b54-9a0e-3f8f5b1c7d11\", \"kind\": \"unreachable\", \"observer\": \"g\", \"failing\": 2, \"known\": 1}",
                "{\"startId\": \"0b9f6a52-6d0c-4b54-9a0e-3f8f5b1c7d11\", \"kind\": \"hung\", \"observer\": \"a\", \"detail\": \"a\\u0000b\", \"failing\": 0, \"known\": 0}"
            })
    void evidenceThatIsNoneIsRefused(String body) {
        HttpResponse<String> answer = registry.send("POST", "/v1/units/worker-1/evidence", body);

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
        assertThat(code(answer)).isEqualTo("invalid");
    }

    private void awaitRequest(RunningRegistry replica, RestUnit unit) {
        ProbeRequests requests = replica.bean(ProbeRequests.class);
        await().atMost(PATIENCE)
                .until(
                        () -> requests.take(new NodeName(node)),
                        List.of(new UnitId(unit.id()))::equals);
    }

    private HttpResponse<String> evidence(RestUnit unit, String kind, int failing, int known) {
        return evidence(unit, unit.start(), kind, failing, known);
    }

    private static HttpResponse<String> evidence(
            RestUnit unit, StartId start, String kind, int failing, int known) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("startId", start);
        body.put("kind", kind);
        body.put("observer", known == 0 ? "supervisor of node-a" : "gateway-1");
        body.put("detail", "timed out");
        body.put("failing", failing);
        body.put("known", known);
        return unit.send("POST", "/evidence", body);
    }

    private RestUnit unit() {
        return startOf(registry, service + "-" + ++units).of(service).on(node);
    }

    private RestUnit up(RestUnit unit) {
        unit.up();
        awaitState(unit, UnitState.UP);
        return unit;
    }

    private RestUnit beating() {
        RestUnit unit = up(unit());
        beaters.scheduleAtFixedRate(unit::beat, 0, 300, TimeUnit.MILLISECONDS);
        return unit;
    }

    private static void awaitState(RestUnit unit, UnitState state) {
        await().atMost(PATIENCE).until(unit::state, state::equals);
    }

    /** The same look that tells the leader makes the request to probe. */
    private static boolean leaderHeardOf(RestUnit unit) {
        return observationsOf(unit) > 0
                && leader.bean(ProbeRequests.class)
                        .take(Objects.requireNonNull(unit.view().node()))
                        .contains(new UnitId(unit.id()));
    }

    private static long observationsOf(RestUnit unit) {
        return database.jdbc()
                .sql("SELECT count(*) FROM observation WHERE unit_id = ?")
                .param(unit.id())
                .query(Long.class)
                .single();
    }

    private static List<String> logged(RestUnit unit) {
        return database.logged(unit.id());
    }
}
