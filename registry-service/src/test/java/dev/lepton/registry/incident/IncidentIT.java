package dev.lepton.registry.incident;

import static dev.lepton.registry.support.RestUnit.code;
import static dev.lepton.registry.support.RestUnit.startOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lepton.client.heartbeat.SelfCheck;
import dev.lepton.client.incident.BlackBox;
import dev.lepton.client.rest.ProtocolJson;
import dev.lepton.client.unit.UnitId;
import dev.lepton.client.unit.UnitState;
import dev.lepton.registry.lifecycle.Event;
import dev.lepton.registry.move.UnitMoves;
import dev.lepton.registry.support.FreshDatabase;
import dev.lepton.registry.support.RestUnit;
import dev.lepton.registry.support.RunningRegistry;
import dev.lepton.registry.support.TestPostgres;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Incidents of a real registry, over HTTP. */
class IncidentIT {

    private static final JsonMapper JSON = ProtocolJson.lenient();
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @RegisterExtension static final FreshDatabase database = FreshDatabase.migrated();

    private static RunningRegistry registry;

    private final String service = "s-" + UUID.randomUUID();
    private final ScheduledExecutorService beaters =
            Executors.newScheduledThreadPool(2, Thread.ofVirtual().factory());
    private int units;

    @BeforeAll
    static void start() {
        registry =
                RunningRegistry.start(
                        database,
                        "lepton.lease.heartbeat-interval=200ms",
                        "lepton.lease.flush-interval=50ms",
                        "lepton.lease.sweep-interval=50ms",
                        "lepton.lease.suspect-after=3s",
                        "lepton.lease.duration=6s",
                        "lepton.leader.renew-interval=100ms");
    }

    @AfterAll
    static void stop() {
        registry.close();
    }

    @AfterEach
    void stopBeating() {
        beaters.shutdownNow();
    }

    @Test
    void exitIsAnIncidentUntilTheNextStartServes() {
        RestUnit failed = serving();
        failed.exited(3);
        JsonNode open = awaitIncident(failed);
        assertThat(open.get("open").asBoolean()).isTrue();
        assertThat(open.get("cause").asString()).isEqualTo("exited");
        assertThat(open.has("closedAt")).isFalse();
        move(failed, Event.RESTART_BEGUN, "restart 1 of 5 at once");

        RestUnit next = failed.nextStart();
        await().atMost(PATIENCE).until(() -> next.register().statusCode() == 201);
        next.beat();

        JsonNode closed = awaitClosed(failed);
        assertThat(closed.get("ending").asString()).isEqualTo("served");
        assertThat(closed.get("startId").asString()).isEqualTo(failed.start().toString());
        assertThat(closed.get("nextStartId").asString()).isEqualTo(next.start().toString());
        assertThat(what(closed)).containsExactly("exited", "restarting", "registered", "recovered");
        JsonNode first = closed.get("timeline").get(0);
        assertThat(first.get("by").asString()).isEqualTo("registry");
        assertThat(first.get("reason").asString()).isEqualTo("exited with code 3");
        assertThat(closed.get("timeline").get(1).get("reason").asString())
                .isEqualTo("restart 1 of 5 at once");
        assertThat(Duration.parse(closed.get("decide").asString())).isPositive();
        assertThat(Duration.parse(closed.get("start").asString())).isPositive();
        assertThat(Duration.parse(closed.get("serve").asString())).isPositive();
        assertThat(closed.get("clocks").toString())
                .isEqualTo(
                        "{\"decide\":\"registry\",\"start\":\"registry\",\"serve\":\"registry\"}");
        assertThat(closed.has("detect")).isFalse();
        assertThat(listed("?unit=" + failed.id())).hasSize(1);
    }

    @Test
    void hungUnitThatAnswersAgainHasReturned() {
        RestUnit hung = serving();
        hung.beat(SelfCheck.UNANSWERED);
        assertThat(awaitIncident(hung).get("cause").asString()).isEqualTo("hung");

        hung.beat();

        JsonNode closed = awaitClosed(hung);
        assertThat(closed.get("ending").asString()).isEqualTo("returned");
        assertThat(what(closed)).containsExactly("hung", "returned");
    }

    @Test
    void startThatReturnedAndFailsAgainIsTheSameIncidentAgain() {
        RestUnit hung = serving();
        hung.beat(SelfCheck.UNANSWERED);
        awaitIncident(hung);
        hung.beat();
        long id = awaitClosed(hung).get("id").asLong();

        hung.exited(137);

        JsonNode again =
                await().atMost(PATIENCE)
                        .until(() -> incident(id), i -> what(i).getLast().equals("exited"));
        assertThat(again.get("open").asBoolean()).isTrue();
        assertThat(again.has("ending")).isFalse();
        assertThat(listed("?unit=" + hung.id())).hasSize(1);
    }

    @Test
    void silentUnitIsAnIncidentThatItsExitBelongsTo() {
        beating();
        beating();
        RestUnit silent = serving();

        JsonNode open = awaitIncident(silent);
        silent.exited(1);
        RestUnit next = silent.nextStart();
        next.register();
        beaters.scheduleAtFixedRate(next::beat, 0, 200, TimeUnit.MILLISECONDS);

        assertThat(open.get("cause").asString()).isEqualTo("silent");
        assertThat(what(awaitClosed(silent)))
                .containsExactly("lease-expired", "exited", "registered", "recovered");
        assertThat(awaitClosed(silent).get("cause").asString()).isEqualTo("silent");
    }

    @Test
    void unitThatWasGivenUpIsAnOpenIncidentUntilItServes() {
        RestUnit failed = serving();
        failed.exited(1);
        awaitIncident(failed);

        move(failed, Event.BUDGET_SPENT, "5 restarts within PT1M");

        JsonNode givenUp =
                await().atMost(PATIENCE)
                        .until(
                                () -> incident(awaitIncident(failed).get("id").asLong()),
                                i -> i.has("givenUpAt"));
        assertThat(givenUp.get("open").asBoolean()).isTrue();
        RestUnit next = failed.nextStart();
        next.register();
        next.beat();
        assertThat(what(awaitClosed(failed)))
                .containsExactly("exited", "quarantined", "registered", "started");
    }

    @Test
    void everyStartOfACrashLoopIsAnIncidentAndAllAreClosedWhenTheUnitServes() {
        RestUnit first = serving();
        first.exited(1);
        RestUnit second = first.nextStart();
        second.register();
        second.exited(1);
        RestUnit third = second.nextStart();
        third.register();
        third.beat();

        await().atMost(PATIENCE)
                .until(() -> listed("?unit=" + first.id() + "&open=false").size() == 2);
        List<JsonNode> newestFirst = listed("?unit=" + first.id());
        assertThat(newestFirst)
                .extracting(i -> i.get("startId").asString())
                .containsExactly(second.start().toString(), first.start().toString());
        assertThat(incident(newestFirst.get(1)).get("nextStartId").asString())
                .isEqualTo(second.start().toString());
        assertThat(what(incident(newestFirst.get(1))))
                .containsExactly("exited", "registered", "recovered");
    }

    @Test
    void endThatWasAskedForIsNoIncident() {
        RestUnit stopped = serving();
        stopped.stopped();
        RestUnit left = serving();
        left.deregister();
        RestUnit drained = serving();
        drained.drain();
        drained.exited(143);
        RestUnit failed = serving();
        failed.exited(1);

        // Logged after the others, so that they have been followed by then.
        awaitIncident(failed);

        assertThat(listed("?service=" + service))
                .extracting(i -> i.get("unitId").asString())
                .containsExactly(failed.id());
    }

    @Test
    void stopOrRemovalOfAFailedUnitClosesItsIncident() {
        RestUnit hung = serving();
        hung.beat(SelfCheck.UNANSWERED);
        awaitIncident(hung);
        hung.stopped();
        RestUnit removed = serving();
        removed.exited(1);
        awaitIncident(removed);
        registry.send("DELETE", "/v1/units/" + removed.id(), "");

        assertThat(awaitClosed(hung).get("ending").asString()).isEqualTo("stopped");
        assertThat(awaitClosed(removed).get("ending").asString()).isEqualTo("forgotten");
    }

    @Test
    void supervisorsReportAfterTheRegistrysOwnRowIsTheSameIncident() {
        RestUnit failed = serving();
        failed.exited(137);
        long id = awaitIncident(failed).get("id").asLong();

        report(failed, "'cause':'out-of-memory','lastWellAt':'2026-01-01T12:00:00Z'");

        JsonNode both = incident(id);
        assertThat(both.get("cause").asString()).isEqualTo("out-of-memory");
        assertThat(both.get("detect").asString()).isEqualTo("PT2.5S");
        assertThat(both.get("clocks").toString()).isEqualTo("{\"detect\":\"supervisor\"}");
        assertThat(what(both)).containsExactly("last-well", "detected", "exited");
        assertThat(listed("?unit=" + failed.id())).hasSize(1);
    }

    @Test
    void supervisorsReportBeforeTheRegistrysOwnRowIsTheSameIncident() {
        RestUnit failed = serving();
        report(failed, "'cause':'hung','decidedAt':'2026-01-01T12:00:03Z','decision':'kill'");
        long id = awaitIncident(failed).get("id").asLong();
        assertThat(what(incident(id))).containsExactly("detected", "decided");

        failed.exited(137);
        RestUnit next = failed.nextStart();
        next.register();
        next.beat();

        JsonNode closed = awaitClosed(failed);
        assertThat(closed.get("id").asLong()).isEqualTo(id);
        assertThat(closed.get("cause").asString()).isEqualTo("hung");
        assertThat(closed.get("decision").asString()).isEqualTo("kill");
        assertThat(closed.get("decide").asString()).isEqualTo("PT0.5S");
        assertThat(what(closed))
                .containsExactly("detected", "decided", "exited", "registered", "recovered");
        assertThat(closed.get("clocks").get("serve").asString()).isEqualTo("registry");
        assertThat(closed.get("clocks").has("start")).isFalse();
    }

    @Test
    void whatAReportLeavesOutStaysAsItWas() {
        RestUnit failed = serving();
        report(
                failed,
                "'cause':'hung','signal':9,'reason':'no answer','blackBox':{'threads':'main'}");

        report(failed, "'cause':'hung','startedAt':'2026-01-01T12:00:04Z'");
        report(failed, "'cause':'hung','servedAt':'2026-01-01T12:00:09Z'");

        JsonNode all = incident(awaitIncident(failed).get("id").asLong());
        assertThat(all.get("signal").asInt()).isEqualTo(9);
        assertThat(all.get("reason").asString()).isEqualTo("no answer");
        assertThat(all.get("blackBox").get("threads").asString()).isEqualTo("main");
        assertThat(all.get("serve").asString()).isEqualTo("PT5S");
        assertThat(all.get("open").asBoolean()).isFalse();
        assertThat(all.get("closedAt").asString()).isEqualTo("2026-01-01T12:00:09Z");
    }

    @Test
    void startThatWasNeverRegisteredIsClosedWhenTheUnitServes() {
        RestUnit unborn = startOf(registry, service + "-unborn").of(service);
        report(unborn, "'cause':'start-failed','reason':'no such file'");
        assertThat(awaitIncident(unborn).get("open").asBoolean()).isTrue();

        unborn.nextStart().up();

        assertThat(awaitClosed(unborn).get("ending").asString()).isEqualTo("served");
    }

    @Test
    void reportOfAStartThatIsStillUpIsNotClosedByOlderChangesOfIt() {
        RestUnit up = serving();
        report(up, "'cause':'hung'");
        RestUnit later = serving();
        later.exited(1);

        awaitIncident(later);

        assertThat(awaitIncident(up).get("open").asBoolean()).isTrue();
    }

    @Test
    void blackBoxIsKeptToItsLimitsAndNotListed() {
        RestUnit failed = serving();
        BlackBox largest =
                new BlackBox(
                        "at \u0000\t\u001b[1m" + "t".repeat(BlackBox.LONGEST_THREADS - 10),
                        IntStream.range(0, BlackBox.MOST_LINES)
                                .mapToObj(i -> "l".repeat(BlackBox.LONGEST_LINE))
                                .toList(),
                        List.of());

        report(failed, "'cause':'hung','blackBox':" + JSON.writeValueAsString(largest));

        JsonNode kept = incident(awaitIncident(failed).get("id").asLong());
        assertThat(JSON.treeToValue(kept.get("blackBox"), BlackBox.class)).isEqualTo(largest);
        assertThat(registry.get("/v1/incidents?unit=" + failed.id()).body())
                .doesNotContain("blackBox")
                .hasSizeLessThan(1000);
    }

    @Test
    void incidentsAreListedByWhatIsAskedTheNewestFirstPageByPage() {
        List<RestUnit> failed = IntStream.range(0, 3).mapToObj(i -> serving()).toList();
        failed.forEach(f -> f.exited(1));
        await().atMost(PATIENCE).until(() -> listed("?service=" + service).size() == 3);
        RestUnit next = failed.get(1).nextStart();
        next.register();
        next.beat();
        awaitClosed(failed.get(1));

        assertThat(ids(listed("?service=" + service)))
                .isSortedAccordingTo(Comparator.reverseOrder());
        assertThat(listed("?service=" + service + "&open=true")).hasSize(2);
        assertThat(listed("?service=" + service + "&open=false"))
                .extracting(i -> i.get("unitId").asString())
                .containsExactly(failed.get(1).id());
        assertThat(listed("?unit=" + failed.get(2).id())).hasSize(1);
        assertThat(listed("?unit=" + failed.get(2).id() + "&service=elsewhere")).isEmpty();
        JsonNode second = JSON.readTree(incidents("?service=" + service + "&page=1&size=2").body());
        assertThat(second.get("total").asInt()).isEqualTo(3);
        assertThat(second.get("incidents")).hasSize(1);
    }

    @Test
    void incidentThatADrillHasMadeSaysSoAndCanBeLeftOut() {
        String drill =
                "'drill':{'fault':'kill','decidedBy':'ann','struckAt':'2026-01-01T12:00:01Z'}";
        RestUnit reportedFirst = serving();
        report(reportedFirst, "'cause':'exited'," + drill);
        reportedFirst.exited(137);
        RestUnit seenFirst = serving();
        seenFirst.exited(137);
        awaitIncident(seenFirst);
        report(seenFirst, "'cause':'exited'," + drill);
        report(seenFirst, "'cause':'exited','decidedAt':'2026-01-01T12:00:03Z'");
        RestUnit failed = serving();
        failed.exited(1);
        awaitIncident(failed);

        for (RestUnit struck : List.of(reportedFirst, seenFirst)) {
            RestUnit next = struck.nextStart();
            await().atMost(PATIENCE).until(() -> next.register().statusCode() == 201);
            next.beat();
            JsonNode closed = awaitClosed(struck);
            assertThat(closed.get("drill").asBoolean()).isTrue();
            assertThat(what(closed).getFirst()).isEqualTo("drill");
            assertThat(what(closed)).containsOnlyOnce("drill");
            JsonNode entry = closed.get("timeline").get(0);
            assertThat(entry.get("by").asString()).isEqualTo("supervisor");
            assertThat(entry.get("at").asString()).isEqualTo("2026-01-01T12:00:01Z");
            assertThat(entry.get("reason").asString())
                    .isEqualTo("struck by a drill (kill, SIGKILL), which ann decided");
            // The registry's own clock begins with what the log tells.
            assertThat(Duration.parse(closed.get("serve").asString())).isPositive();
        }
        assertThat(listed("?service=" + service + "&drill=false"))
                .extracting(i -> i.get("unitId").asString())
                .containsExactly(failed.id());
        assertThat(listed("?service=" + service + "&drill=true"))
                .hasSize(2)
                .allMatch(i -> i.get("drill").asBoolean());
        assertThat(listed("?service=" + service)).hasSize(3);
    }

    @Test
    void unknownIncidentIsNotFound() {
        HttpResponse<String> answer = registry.get("/v1/incidents/9223372036854775807");

        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(code(answer)).isEqualTo("no-incident");
    }

    static Stream<Arguments> badInput() {
        String detected = "'detectedAt':'2026-01-01T12:00:02.5Z'";
        return Stream.of(
                bad("GET", "/v1/incidents/x", ""),
                bad("GET", "/v1/incidents?open=perhaps", ""),
                bad("GET", "/v1/incidents?drill=perhaps", ""),
                badReport("{'service':'worker','cause':'hung','drill':{}," + detected + "}"),
                badReport(
                        "{'service':'worker','cause':'hung','drill':{'fault':'x','decidedBy':'a','struckAt':'2026-01-01T12:00:00Z'},"
                                + detected
                                + "}"),
                bad("GET", "/v1/incidents?unit=..%0A", ""),
                bad("GET", "/v1/incidents?service=Upper", ""),
                bad("GET", "/v1/incidents?page=-1", ""),
                bad("GET", "/v1/incidents?page=1000001", ""),
                bad("GET", "/v1/incidents?size=0", ""),
                bad("GET", "/v1/incidents?size=1001", ""),
                badReport(""),
                badReport("{}"),
                badReport("[]"),
                badReport("{'service':'worker','cause':'hung'}"),
                badReport("{'service':'worker'," + detected + "}"),
                badReport("{'cause':'hung'," + detected + "}"),
                badReport("{'service':'worker','cause':'boredom'," + detected + "}"),
                badReport("{'service':'worker','cause':'hung','detectedAt':'noon'}"),
                badReport("{'service':'worker','cause':'hung','colour':1," + detected + "}"),
                badReport(
                        "{'service':'worker','cause':'hung','reason':'\\u0007'," + detected + "}"),
                badReport(
                        "{'service':'worker','cause':'hung','blackBox':{'threads':'"
                                + "t".repeat(BlackBox.LONGEST_THREADS + 1)
                                + "'},"
                                + detected
                                + "}"),
                bad("PUT", "/v1/units/bad/incidents/x", "{}"));
    }

    @ParameterizedTest(name = "{0} {1} {index}")
    @MethodSource("badInput")
    void badInputIsRefusedAndNothingIsStored(String method, String path, String body) {
        HttpResponse<String> answer = registry.send(method, path, body);

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
        assertThat(code(answer)).isEqualTo("invalid");
        assertThat(listed("?unit=bad")).isEmpty();
    }

    @Test
    void withoutPostgresNothingIsAnswered() {
        RestUnit failed = serving();
        report(failed, "'cause':'hung'");
        long id = awaitIncident(failed).get("id").asLong();
        String name = database.url().replaceFirst(".*/", "");
        TestPostgres.shared()
                .execute(
                        "ALTER DATABASE " + name + " WITH ALLOW_CONNECTIONS false",
                        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '"
                                + name
                                + "'");
        try {
            assertAway(incidents(""));
            assertAway(registry.get("/v1/incidents/" + id));
            assertAway(reported(failed, "'cause':'hung'"));
        } finally {
            TestPostgres.shared()
                    .execute("ALTER DATABASE " + name + " WITH ALLOW_CONNECTIONS true");
        }
        await().atMost(PATIENCE)
                .until(
                        () -> startOf(registry, service + "-new").of(service).register(),
                        answer -> answer.statusCode() == 201);
        await().atMost(PATIENCE).until(() -> incidents("").statusCode() == 200);
    }

    private static void assertAway(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(503);
        assertThat(code(answer)).isEqualTo("database-away");
        assertThat(answer.headers().firstValue("Retry-After")).hasValue("1");
    }

    private RestUnit serving() {
        RestUnit unit = startOf(registry, service + "-" + ++units).of(service).up();
        await().atMost(PATIENCE).until(unit::state, UnitState.UP::equals);
        return unit;
    }

    private void beating() {
        RestUnit unit = serving();
        beaters.scheduleAtFixedRate(unit::beat, 0, 200, TimeUnit.MILLISECONDS);
    }

    private static void move(RestUnit unit, Event event, String reason) {
        registry.bean(UnitMoves.class).move(new UnitId(unit.id()), unit.start(), event, reason);
    }

    private void report(RestUnit unit, String rest) {
        HttpResponse<String> answer = reported(unit, rest);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(204);
    }

    private HttpResponse<String> reported(RestUnit unit, String rest) {
        String body =
                "{'service':'%s','node':'node-a','detectedAt':'2026-01-01T12:00:02.5Z',%s}"
                        .formatted(service, rest);
        return registry.send(
                "PUT",
                "/v1/units/" + unit.id() + "/incidents/" + unit.start(),
                body.replace('\'', '"'));
    }

    /** The one of this very start, from the list. */
    private static JsonNode awaitIncident(RestUnit failed) {
        return await().atMost(PATIENCE)
                .until(
                        () ->
                                listed("?unit=" + failed.id()).stream()
                                        .filter(i ->
                                                i.get("startId")
                                                        .asString()
                                                        .equals(failed.start().toString()))
                                        .toList(),
                        found -> found.size() == 1)
                .getFirst();
    }

    /** The whole of it. */
    private static JsonNode awaitClosed(RestUnit failed) {
        long id = awaitIncident(failed).get("id").asLong();
        return await().atMost(PATIENCE).until(() -> incident(id), i -> !i.get("open").asBoolean());
    }

    private static JsonNode incident(JsonNode listed) {
        return incident(listed.get("id").asLong());
    }

    private static JsonNode incident(long id) {
        HttpResponse<String> answer = registry.get("/v1/incidents/" + id);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return JSON.readTree(answer.body());
    }

    private static List<String> what(JsonNode incident) {
        return incident.get("timeline").valueStream().map(e -> e.get("what").asString()).toList();
    }

    private static HttpResponse<String> incidents(String query) {
        return registry.get("/v1/incidents" + query);
    }

    private static List<JsonNode> listed(String query) {
        HttpResponse<String> answer = incidents(query);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return JSON.readTree(answer.body()).get("incidents").valueStream().toList();
    }

    private static List<Long> ids(List<JsonNode> incidents) {
        return incidents.stream().map(i -> i.get("id").asLong()).toList();
    }

    private static Arguments bad(String method, String path, String body) {
        return Arguments.of(method, path, body.replace('\'', '"'));
    }

    private static Arguments badReport(String body) {
        return bad("PUT", "/v1/units/bad/incidents/0b9f6a52-6d0c-4b54-9a0e-3f8f5b1c7d11", body);
    }
}
