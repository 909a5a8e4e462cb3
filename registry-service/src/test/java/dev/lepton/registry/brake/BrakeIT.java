package dev.lepton.registry.brake;

import static dev.lepton.registry.support.RestUnit.code;
import static dev.lepton.registry.support.RestUnit.startOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lepton.client.recovery.Permit;
import dev.lepton.client.rest.ProtocolJson;
import dev.lepton.client.unit.UnitState;
import dev.lepton.registry.support.FreshDatabase;
import dev.lepton.registry.support.RestUnit;
import dev.lepton.registry.support.RunningRegistry;
import dev.lepton.registry.support.TestPostgres;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/** The door of permits, over HTTP, at two replicas. */
class BrakeIT {

    private static final JsonMapper JSON = ProtocolJson.lenient();
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @RegisterExtension static final FreshDatabase database = FreshDatabase.migrated();

    private static RunningRegistry registry;
    private static RunningRegistry other;

    private final String service = "s-" + UUID.randomUUID();

    @BeforeAll
    static void start() {
        // So long that no unit of a test falls silent in it.
        String suspect = "lepton.lease.suspect-after=5m";
        String lease = "lepton.lease.duration=10m";
        registry = RunningRegistry.start(database, suspect, lease);
        other = RunningRegistry.start(database, registry.home(), suspect, lease);
    }

    @AfterAll
    static void stop() {
        other.close();
        registry.close();
    }

    @Test
    void halfOfTheUnitsAreRecoveredAtOnceAndTheNextIsToldWho() {
        List<RestUnit> units = units(4);

        assertThat(asked(units.get(0), null).granted()).isTrue();
        assertThat(asked(units.get(1), null).granted()).isTrue();
        Permit third = asked(units.get(2), null);

        assertThat(third.granted()).isFalse();
        assertThat(third.reason())
                .contains(
                        units.get(0).id(),
                        units.get(1).id(),
                        "limit of service '" + service + "' is 2");
        assertThat(third.retryAfter()).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void askingAgainForTheSameStartAnswersTheSame() {
        List<RestUnit> units = units(2);
        asked(units.get(0), null);

        assertThat(asked(units.get(0), null).granted()).isTrue();
        assertThat(asked(units.get(1), null).granted()).isFalse();
    }

    @Test
    void permitIsOpenUntilTheUnitIsUpAgainByAnotherStart() {
        List<RestUnit> units = units(2);
        RestUnit hung = units.get(0);
        asked(hung, null);
        hung.exited(137);
        assertThat(asked(units.get(1), null).granted()).isFalse();
        RestUnit next = hung.nextStart();
        next.register();
        assertThat(asked(units.get(1), null).granted()).isFalse();

        next.beat();
        await().atMost(PATIENCE).until(next::state, UnitState.UP::equals);

        assertThat(asked(units.get(1), null).granted()).isTrue();
    }

    @Test
    void permitOfAStartThatStaysUpIsOpenUntilItExpires() {
        List<RestUnit> units = units(2);
        asked(units.get(0), null);
        assertThat(asked(units.get(1), null).granted()).isFalse();

        database.jdbc()
                .sql(
                        """
                        UPDATE kill_permit SET expires_at = expires_at - interval '2 minutes'
                        WHERE unit_id = ?\
                        """)
                .param(units.get(0).id())
                .update();

        assertThat(asked(units.get(1), null).granted()).isTrue();
    }

    @Test
    void permitThatIsGivenBackCountsNoLonger() {
        List<RestUnit> units = units(2);
        RestUnit leftAlone = units.get(0);
        asked(leftAlone, null);
        assertThat(asked(units.get(1), null).granted()).isFalse();

        HttpResponse<String> answer = release(leftAlone.id(), leftAlone.start().toString());

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(204);
        assertThat(asked(other, units.get(1), null).granted()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"2, 2, true", "2, 3, true", "2, 1, false"})
    void permitIsNotGivenBackForAnEarlierQuestionThanItAnswers(
            long question, long givenBack, boolean free) {
        List<RestUnit> units = units(2);
        ask(units.get(0), 1);
        ask(units.get(0), question);

        release(units.get(0).id(), units.get(0).start() + "&question=" + givenBack);

        assertThat(asked(units.get(1), null).granted()).isEqualTo(free);
    }

    @Test
    void earlierQuestionThatComesLateLeavesThePermitToTheLaterOne() {
        List<RestUnit> units = units(2);
        ask(units.get(0), 2);
        ask(units.get(0), 1);

        release(units.get(0).id(), units.get(0).start() + "&question=1");

        assertThat(asked(units.get(1), null).granted()).isFalse();
    }

    @Test
    void permitOfAnotherStartIsNotGivenBack() {
        List<RestUnit> units = units(2);
        asked(units.get(0), null);

        assertThat(release(units.get(0).id(), UUID.randomUUID().toString()).statusCode())
                .isEqualTo(204);

        assertThat(asked(units.get(1), null).granted()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "?startId=", "?startId=x", "?start=1", "?startId=START&question=x"})
    void badReleaseIsRefusedAndGivesNothingBack(String query) {
        RestUnit unit = units(1).getFirst();
        asked(unit, null);

        HttpResponse<String> answer =
                registry.send(
                        "DELETE",
                        "/v1/units/"
                                + unit.id()
                                + "/permit"
                                + query.replace("START", unit.start().toString()),
                        "");

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
        assertThat(permits()).isEqualTo(1);
    }

    @Test
    void permitIsGivenForTheTimeOfTheSetting() {
        RestUnit unit = units(1).getFirst();
        asked(unit, null);

        assertThat(
                        database.jdbc()
                                .sql(
                                        """
                                        SELECT extract(epoch FROM expires_at - granted_at)
                                        FROM kill_permit WHERE unit_id = ?\
                                        """)
                                .param(unit.id())
                                .query(Double.class)
                                .single())
                .isEqualTo(120.0);
    }

    @Test
    void permitOfAUnitThatIsGoneIsClosed() {
        List<RestUnit> units = units(2);
        asked(units.get(0), null);
        units.get(0).exited(1);
        assertThat(asked(units.get(1), null).granted()).isFalse();

        registry.send("DELETE", "/v1/units/" + units.get(0).id(), "");

        assertThat(asked(units.get(1), null).granted()).isTrue();
    }

    @Test
    void requestSaysALimitAndThePolicyIsAboveIt() {
        List<RestUnit> units = units(3);
        assertThat(asked(units.get(0), 2).granted()).isTrue();
        assertThat(asked(units.get(1), 2).granted()).isTrue();
        assertThat(asked(units.get(2), 2).granted()).isFalse();

        registry.send(
                "PUT",
                "/v1/services/" + service + "/policy",
                "{\"policy\":{\"maxUnavailable\":3}}");

        assertThat(asked(units.get(2), 2).granted()).isTrue();
    }

    @Test
    void unitThatWasGivenUpOrStoppedDoesNotRaiseTheLimit() {
        List<RestUnit> units = units(4);
        units.get(3).stopped();
        database.jdbc()
                .sql("UPDATE unit SET phase = 'QUARANTINED' WHERE id = ?")
                .param(units.get(2).id())
                .update();

        assertThat(asked(units.get(0), null).granted()).isTrue();
        assertThat(asked(units.get(1), null).granted()).isFalse();
    }

    @Test
    void neverMoreThanTheLimitAreGrantedHoweverManyAskAtOnceAtWhicheverReplica() {
        List<RestUnit> units = units(12);

        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Permit> answers =
                    IntStream.range(0, 48)
                            .mapToObj(i ->
                                    CompletableFuture.supplyAsync(
                                            () ->
                                                    answered(
                                                            i % 2 == 0 ? registry : other,
                                                            units.get(i % 12),
                                                            3),
                                            threads))
                            .toList()
                            .stream()
                            .map(CompletableFuture::join)
                            .toList();

            assertThat(answers).anyMatch(Permit::granted).anyMatch(p -> !p.granted());
        }
        assertThat(permits()).isEqualTo(3);
    }

    @Test
    void servicesDoNotBrakeEachOther() {
        RestUnit own = units(1).getFirst();
        asked(own, null);
        RestUnit foreign = startOf(registry, service + "-x").of(service + "-other").up();

        assertThat(
                        permit(
                                        registry,
                                        foreign.id(),
                                        body(service + "-other", foreign.start().toString(), null))
                                .body())
                .contains("\"granted\":true");
    }

    @Test
    void startThatDoesNotHoldTheUnitIsSuperseded() {
        RestUnit old = units(1).getFirst();
        old.exited(1);
        old.nextStart().register();

        HttpResponse<String> answer =
                permit(registry, old.id(), body(service, old.start().toString(), null));

        assertThat(answer.statusCode()).isEqualTo(409);
        assertThat(code(answer)).isEqualTo("superseded");
        assertThat(permits()).isZero();
    }

    @Test
    void startThatHasEndedNeedsNoPermit() {
        RestUnit ended = units(1).getFirst();
        ended.exited(1);

        HttpResponse<String> answer =
                permit(registry, ended.id(), body(service, ended.start().toString(), null));

        assertThat(answer.statusCode()).isEqualTo(409);
        assertThat(code(answer)).isEqualTo("superseded");
        assertThat(permits()).isZero();
    }

    @Test
    void unknownUnitIsNotRegistered() {
        HttpResponse<String> answer =
                permit(
                        registry,
                        service + "-none",
                        body(service, UUID.randomUUID().toString(), null));

        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(code(answer)).isEqualTo("not-registered");
    }

    @Test
    void unitOfAnotherServiceIsRefused() {
        RestUnit unit = units(1).getFirst();

        HttpResponse<String> answer =
                permit(registry, unit.id(), body("elsewhere", unit.start().toString(), null));

        assertThat(answer.statusCode()).isEqualTo(409);
        assertThat(code(answer)).isEqualTo("other-service");
        assertThat(permits()).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{}",
                "[]",
                "{'service':'S','startId':'START','cause':'hung'}",
                "{'service':'SERVICE','startId':'x','cause':'hung'}",
                "{'service':'SERVICE','startId':'START'}",
                "{'service':'SERVICE','startId':'START','cause':'boredom'}",
                "{'service':'SERVICE','startId':'START','cause':'hung','maxUnavailable':0}",
                "{'service':'SERVICE','startId':'START','cause':'hung','question':-1}",
                "{'service':'SERVICE','startId':'START','cause':'hung','force':true}",
            })
    void badInputIsRefusedAndGrantsNothing(String body) {
        RestUnit unit = units(1).getFirst();

        HttpResponse<String> answer =
                permit(
                        registry,
                        unit.id(),
                        body.replace('\'', '"')
                                .replace("SERVICE", service)
                                .replace("START", unit.start().toString()));

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
        assertThat(code(answer)).isEqualTo("invalid");
        assertThat(permits()).isZero();
    }

    @Test
    void withoutPostgresThereIsNoPermit() {
        RestUnit unit = units(1).getFirst();
        String name = database.url().replaceFirst(".*/", "");
        TestPostgres.shared()
                .execute(
                        "ALTER DATABASE " + name + " WITH ALLOW_CONNECTIONS false",
                        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '"
                                + name
                                + "'");
        HttpResponse<String> answer;
        try {
            answer = permit(registry, unit.id(), body(service, unit.start().toString(), null));
        } finally {
            TestPostgres.shared()
                    .execute("ALTER DATABASE " + name + " WITH ALLOW_CONNECTIONS true");
        }

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(503);
        assertThat(code(answer)).isEqualTo("database-away");
        assertThat(answer.headers().firstValue("Retry-After")).hasValue("1");
        await().atMost(PATIENCE)
                .until(
                        () ->
                                permit(
                                        registry,
                                        unit.id(),
                                        body(service, unit.start().toString(), null)),
                        again -> again.statusCode() == 200);
        await().atMost(PATIENCE)
                .until(
                        () -> startOf(registry, service + "-new").of(service).register(),
                        registered -> registered.statusCode() == 201);
    }

    @Test
    void drillsOfAServiceComeOneAfterTheOtherWhateverItsLimit() {
        List<RestUnit> units = units(4);
        RestUnit struck = units.getFirst();

        assertThat(drill(registry, struck).granted()).isTrue();

        Permit second = drill(other, units.get(1));
        assertThat(second.granted()).isFalse();
        assertThat(second.reason()).contains(struck.id() + "' is being recovered");
        // What hangs by itself is not held up by it further than the limit says.
        assertThat(asked(units.get(2), null).granted()).isTrue();
    }

    @Test
    void neitherADrillBesideAUnitThatIsDownNorOneBesideAnOpenIncidentIsPermitted() {
        List<RestUnit> units = units(3);
        units.get(1).exited(1);
        await().atMost(PATIENCE).until(units.get(1)::state, UnitState.DOWN::equals);

        Permit whileDown = drill(registry, units.getFirst());

        assertThat(whileDown.granted()).isFalse();
        assertThat(whileDown.reason()).contains("'" + units.get(1).id() + "' is DOWN");
        RestUnit next = units.get(1).nextStart();
        next.register();
        next.beat();
        await().atMost(PATIENCE).until(next::state, UnitState.UP::equals);
        database.jdbc()
                .sql(
                        """
                        INSERT INTO incident (unit_id, start_id, service, created_at, cause, followed)
                        VALUES ('x', ?, ?, now(), 'HUNG', false)\
                        """)
                .params(UUID.randomUUID(), service)
                .update();
        await().atMost(PATIENCE)
                .untilAsserted(() ->
                        assertThat(drill(registry, units.getFirst()).reason())
                                .contains("1 incidents of the service are open"));
        database.jdbc().sql("DELETE FROM incident WHERE service = ?").param(service).update();
        assertThat(drill(registry, units.getFirst()).granted()).isTrue();
    }

    /** All of them up. */
    private List<RestUnit> units(int count) {
        List<RestUnit> units =
                IntStream.rangeClosed(1, count)
                        .mapToObj(i -> startOf(registry, service + "-" + i).of(service).up())
                        .toList();
        units.forEach(u -> await().atMost(PATIENCE).until(u::state, UnitState.UP::equals));
        return units;
    }

    private Permit asked(RestUnit unit, @Nullable Integer maxUnavailable) {
        return asked(registry, unit, maxUnavailable);
    }

    private Permit asked(RunningRegistry replica, RestUnit unit, @Nullable Integer maxUnavailable) {
        HttpResponse<String> answer =
                permit(replica, unit.id(), body(service, unit.start().toString(), maxUnavailable));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return JSON.readValue(answer.body(), Permit.class);
    }

    /** Whoever waited too long for the service's lock is told so by a 503, and asks again. */
    private Permit answered(
            RunningRegistry replica, RestUnit unit, @Nullable Integer maxUnavailable) {
        String body = body(service, unit.start().toString(), maxUnavailable);
        HttpResponse<String> answer =
                await().atMost(PATIENCE)
                        .until(
                                () -> permit(replica, unit.id(), body),
                                given -> given.statusCode() != 503);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return JSON.readValue(answer.body(), Permit.class);
    }

    private Permit drill(RunningRegistry replica, RestUnit unit) {
        String body = body(service, unit.start().toString(), null).replace("hung", "drill");
        HttpResponse<String> answer = permit(replica, unit.id(), body);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return JSON.readValue(answer.body(), Permit.class);
    }

    private void ask(RestUnit unit, long question) {
        String body = body(service, unit.start().toString(), null);
        String asking = body.replaceFirst("}$", ",\"question\":" + question + "}");
        assertThat(permit(registry, unit.id(), asking).statusCode()).isEqualTo(200);
    }

    private static String body(String service, String start, @Nullable Integer maxUnavailable) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("service", service);
        body.put("startId", start);
        body.put("cause", "hung");
        body.put("maxUnavailable", maxUnavailable);
        return JSON.writeValueAsString(body);
    }

    private static HttpResponse<String> release(String unit, String start) {
        return registry.send("DELETE", "/v1/units/" + unit + "/permit?startId=" + start, "");
    }

    private static HttpResponse<String> permit(RunningRegistry replica, String unit, String body) {
        return replica.send("POST", "/v1/units/" + unit + "/permit", body);
    }

    private long permits() {
        return database.jdbc()
                .sql("SELECT count(*) FROM kill_permit WHERE service = ?")
                .param(service)
                .query(Long.class)
                .single();
    }
}
