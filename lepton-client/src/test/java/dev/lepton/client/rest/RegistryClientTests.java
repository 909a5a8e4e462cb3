package dev.lepton.client.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.lepton.client.evidence.Evidence;
import dev.lepton.client.evidence.EvidenceKind;
import dev.lepton.client.heartbeat.Heartbeat;
import dev.lepton.client.heartbeat.HeartbeatAnswer;
import dev.lepton.client.heartbeat.HeartbeatBatch;
import dev.lepton.client.heartbeat.HeartbeatBatch.UnitHeartbeat;
import dev.lepton.client.heartbeat.HeartbeatBatchAnswer.Outcome;
import dev.lepton.client.incident.IncidentCause;
import dev.lepton.client.incident.IncidentReport;
import dev.lepton.client.node.NodeBeat;
import dev.lepton.client.node.NodeBeatAnswer;
import dev.lepton.client.policy.PolicyChange;
import dev.lepton.client.policy.RecoveryPolicy;
import dev.lepton.client.recovery.KillCause;
import dev.lepton.client.recovery.Permit;
import dev.lepton.client.recovery.PermitRequest;
import dev.lepton.client.recovery.RecoveryReport;
import dev.lepton.client.recovery.RecoveryStep;
import dev.lepton.client.registration.DrainRequest;
import dev.lepton.client.registration.ExitReport;
import dev.lepton.client.registration.Registration;
import dev.lepton.client.unit.NodeName;
import dev.lepton.client.unit.ServiceName;
import dev.lepton.client.unit.StartId;
import dev.lepton.client.unit.UnitAddress;
import dev.lepton.client.unit.UnitId;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RegistryClientTests {

    private static final UnitId UNIT = new UnitId("worker:host:80");
    private static final StartId START = StartId.parse("0b9f6a52-6d0c-4b54-9a0e-3f8f5b1c7d11");
    private static final Heartbeat BEAT = new Heartbeat(START, 1, null, 0, 0, null);
    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    private static final Duration SHORT = Duration.ofMillis(200);
    private static final String STORED =
            """
            {"stored":true,"state":"UP","incarnation":3,"heartbeatInterval":"PT1S","heartbeatTimeout":"PT0.3S","newField":1}\
            """;
    private static final String NOT_STORED = STORED.replace("true", "false");
    private static final String REGISTERED =
            """
            {"unitId":"worker:host:80","startId":"0b9f6a52-6d0c-4b54-9a0e-3f8f5b1c7d11","incarnation":3,
             "heartbeatInterval":"PT1S","heartbeatTimeout":"PT0.3S","lease":"PT6S"}\
            """;
    private static final String VIEW =
            """
            {"unitId":"%s","service":"worker","startId":"0b9f6a52-6d0c-4b54-9a0e-3f8f5b1c7d11",
             "incarnation":1,"state":"UP","address":{"scheme":"http","host":"localhost","port":80},
             "beater":"self","weight":100,"labels":{},"since":"2026-11-22T10:15:30Z","reason":""}\
            """;

    private final FakeReplica first = new FakeReplica();
    private final FakeReplica second = new FakeReplica();
    private final List<RegistryClient> clients = new ArrayList<>();

    @AfterEach
    void closeAll() {
        clients.forEach(RegistryClient::close);
        first.close();
        second.close();
    }

    @Test
    void eachCallIsWhatTheRegistryExpects() {
        RegistryClient client = client(first.uri());

        first.answers(201, REGISTERED);
        assertThat(client.register(registration()).incarnation()).isEqualTo(3);
        first.answers(200, STORED);
        assertThat(client.beat(UNIT, BEAT, TIMEOUT).stored()).isTrue();
        first.answers(200, VIEW.formatted(UNIT));
        client.drain(UNIT, new DrainRequest(START, "deploy"));
        client.undrain(UNIT, new DrainRequest(null, null));
        first.answers(204, "");
        client.exited(UNIT, new ExitReport(START, 1, null, false, null));
        client.deregister(UNIT, START);

        assertThat(first.received())
                .extracting(FakeReplica.Received::line)
                .containsExactly(
                        "POST /v1/units",
                        "PUT /v1/units/worker%3Ahost%3A80/heartbeat",
                        "POST /v1/units/worker%3Ahost%3A80/drain",
                        "POST /v1/units/worker%3Ahost%3A80/undrain",
                        "POST /v1/units/worker%3Ahost%3A80/exit",
                        "DELETE /v1/units/worker%3Ahost%3A80?startId=" + START);
        assertThat(first.received())
                .extracting(FakeReplica.Received::authorization)
                .containsOnly("Bearer 0123456789abcdef");
        assertThat(first.received().getFirst().body()).contains("\"unitId\":\"worker:host:80\"");
    }

    @Test
    void theCallsAboutAFailedUnitAreWhatTheRegistryExpects() {
        RegistryClient client = client(first.uri());

        first.answers(200, VIEW.formatted(UNIT));
        client.evidence(
                UNIT, Evidence.ofSupervisor(START, EvidenceKind.HUNG, "supervisor of a", "hangs"));
        client.recovery(UNIT, new RecoveryReport(START, RecoveryStep.GAVE_UP, null));
        first.answers(200, "{\"granted\":false,\"reason\":\"b is\",\"retryAfter\":\"PT1S\"}");
        Permit permit =
                client.permit(
                        UNIT,
                        new PermitRequest(
                                new ServiceName("worker"), START, KillCause.HUNG, null, 7L));
        first.answers(204, "");
        client.releasePermit(UNIT, START, 7);
        first.answers(204, "");
        client.incident(UNIT, START, incident());
        first.answers(200, "{\"policies\":[]}");
        assertThat(client.policies()).isEmpty();
        first.answers(
                200,
                "{\"service\":\"worker\",\"version\":1,\"policy\":{},\"at\":\"2026-11-22T10:15:30Z\"}");
        client.putPolicy(
                new ServiceName("worker"), new PolicyChange(RecoveryPolicy.UNSAID, 0L, null, null));
        first.answers(
                200,
                "{\"stored\":true,\"interval\":\"PT1S\",\"probe\":[\"a\"],\"policyVersion\":7}");
        NodeBeatAnswer answer =
                client.beat(new NodeName("node-a"), new NodeBeat(START, 1, 3, null, null), TIMEOUT);

        assertThat(permit).isEqualTo(new Permit(false, "b is", Duration.ofSeconds(1)));
        assertThat(answer.probe()).containsExactly(new UnitId("a"));
        assertThat(first.received())
                .extracting(FakeReplica.Received::line)
                .containsExactly(
                        "POST /v1/units/worker%3Ahost%3A80/evidence",
                        "POST /v1/units/worker%3Ahost%3A80/recovery",
                        "POST /v1/units/worker%3Ahost%3A80/permit",
                        "DELETE /v1/units/worker%3Ahost%3A80/permit?startId="
                                + START
                                + "&question=7",
                        "PUT /v1/units/worker%3Ahost%3A80/incidents/" + START,
                        "GET /v1/policies",
                        "PUT /v1/services/worker/policy",
                        "PUT /v1/nodes/node-a/heartbeat");
        assertThat(first.received().getFirst().body()).contains("\"kind\":\"hung\"");
        assertThat(first.received().get(1).body()).contains("\"step\":\"gave-up\"");
    }

    @Test
    void serviceAndItsIncidentsAreReadWithWhatTheRegistrySays() {
        String incident =
                """
                {"id":7,"unitId":"a","startId":"%s","service":"worker","cause":"hung","open":true,
                 "drill":true,"detect":"PT1.5S","timeline":[]}\
                """
                        .formatted(START);
        first.behaves(exchange -> {
            String path = exchange.getRequestURI().getPath();
            String body =
                    path.startsWith("/v1/services/")
                            ? """
                            {"service":"worker","units":[],"byState":{},
                             "preserving":{"since":"2026-11-22T10:15:30Z","reason":"silent","units":["a"]}}\
                            """
                            : path.endsWith("/7")
                                    ? incident
                                    : "{\"incidents\":[" + incident + "],\"total\":1}";
            FakeReplica.answer(exchange, 200, body);
        });
        RegistryClient client = client(first.uri());

        assertThat(client.service(new ServiceName("worker")).preserving().units())
                .containsExactly(new UnitId("a"));
        assertThat(client.openIncidents(new ServiceName("worker"))).hasSize(1);
        assertThat(client.incidentsOf(new UnitId("worker:host:80"))).hasSize(1);
        assertThat(client.incident(7).detect()).isEqualTo(Duration.ofMillis(1500));
        assertThat(client.incident(7).drill()).isTrue();
        assertThat(client.incident(7).serve()).isNull();
        assertThat(first.received())
                .extracting(FakeReplica.Received::line)
                .startsWith(
                        "GET /v1/services/worker",
                        "GET /v1/incidents?size=20&service=worker&open=true",
                        "GET /v1/incidents?size=20&unit=worker%3Ahost%3A80",
                        "GET /v1/incidents/7");
    }

    private static IncidentReport incident() {
        return new IncidentReport(
                new ServiceName("worker"),
                null,
                IncidentCause.HUNG,
                null,
                Instant.EPOCH,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null);
    }

    @Test
    void aBatchHasAnOutcomeForEachBeat() {
        first.answers(
                200,
                """
                {"stored":true,"heartbeatInterval":"PT1S","heartbeatTimeout":"PT0.3S",
                 "outcomes":[{"unitId":"a","outcome":"superseded"}]}\
                """);

        var answer =
                client(first.uri())
                        .beat(
                                new HeartbeatBatch(
                                        null, List.of(new UnitHeartbeat(new UnitId("a"), BEAT))),
                                TIMEOUT);

        assertThat(answer.outcomes().getFirst().outcome()).isEqualTo(Outcome.SUPERSEDED);
    }

    @Test
    void allUnitsAreReadAcrossPages() {
        first.behaves(exchange -> {
            boolean last = exchange.getRequestURI().getQuery().contains("page=1&");
            FakeReplica.answer(
                    exchange,
                    200,
                    "{\"units\":[%s],\"total\":1001}".formatted(VIEW.formatted(last ? "b" : "a")));
        });

        assertThat(client(first.uri()).units())
                .extracting(unit -> unit.unitId().value())
                .containsExactly("a", "b");
    }

    @Test
    void theNextUrlIsTriedWhenOneCannotBeReachedAndIsKept() {
        second.answers(201, REGISTERED);
        RegistryClient client = client(FakeReplica.nobody(), second.uri(), first.uri());

        client.register(registration());
        client.register(registration());

        assertThat(second.received()).hasSize(2);
        assertThat(first.received()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {500, 502, 503, 504})
    void theNextUrlIsTriedWhenOneIsInTrouble(int status) {
        first.refuses(status, "database-away");
        second.answers(201, REGISTERED);
        RegistryClient client = client(first.uri(), second.uri());

        client.register(registration());
        client.register(registration());

        assertThat(first.received()).hasSize(1);
        assertThat(second.received()).hasSize(2);
    }

    @Test
    void theNextUrlIsTriedWhenSomethingElseAnswersOnThePort() {
        first.answers(200, "<html>hello</html>");
        second.answers(201, REGISTERED);

        assertThat(client(first.uri(), second.uri()).register(registration()).incarnation())
                .isEqualTo(3);
    }

    @Test
    void theNextUrlIsTriedWhenOneDoesNotAnswerInTime() {
        CountDownLatch never = new CountDownLatch(1);
        first.behaves(exchange -> await(never));
        second.answers(200, STORED);

        HeartbeatAnswer answer = client(first.uri(), second.uri()).beat(UNIT, BEAT, SHORT);

        assertThat(answer.stored()).isTrue();
    }

    @Test
    void anAnswerThatBeginsAndNeverEndsIsNotWaitedFor() {
        CountDownLatch never = new CountDownLatch(1);
        first.behaves(exchange -> {
            exchange.sendResponseHeaders(200, 1000);
            exchange.getResponseBody().write('{');
            exchange.getResponseBody().flush();
            await(never);
        });
        second.answers(200, STORED);

        assertThat(client(first.uri(), second.uri()).beat(UNIT, BEAT, SHORT).stored()).isTrue();
    }

    @Test
    void aBeatGoesOnToAReplicaThatStoresAndStaysThere() {
        first.answers(200, NOT_STORED);
        second.answers(200, STORED);
        RegistryClient client = client(first.uri(), second.uri());

        client.beat(UNIT, BEAT, TIMEOUT);
        HeartbeatAnswer answer = client.beat(UNIT, BEAT, TIMEOUT);

        assertThat(answer.stored()).isTrue();
        assertThat(first.received()).hasSize(1);
        assertThat(second.received()).hasSize(2);
    }

    @Test
    void aBeatStaysWhereItIsWhenNoReplicaStores() {
        first.answers(200, NOT_STORED);
        second.answers(200, NOT_STORED);
        RegistryClient client = client(first.uri(), second.uri());

        HeartbeatAnswer answer = client.beat(UNIT, BEAT, TIMEOUT);

        assertThat(answer.stored()).isFalse();
        first.answers(201, REGISTERED);
        client.register(registration());
        assertThat(first.received()).hasSize(2);
    }

    @Test
    void aBeatThatIsNotStoredIsBetterThanAReplicaThatCannotAnswer() {
        first.answers(200, NOT_STORED);
        second.refuses(401, "unauthorized");

        HeartbeatAnswer answer =
                client(first.uri(), second.uri(), FakeReplica.nobody()).beat(UNIT, BEAT, TIMEOUT);

        assertThat(answer.stored()).isFalse();
    }

    @Test
    void aReplicaThatHasReadTheRowOutweighsOneThatDoesNotStore() {
        first.answers(200, NOT_STORED);
        second.refuses(409, "superseded");

        assertThatThrownBy(() -> client(first.uri(), second.uri()).beat(UNIT, BEAT, TIMEOUT))
                .isInstanceOf(RegistryRefusal.Superseded.class);
    }

    @ParameterizedTest
    @CsvSource({
        "404, not-registered, NotRegistered",
        "409, superseded, Superseded",
        "409, in-use, InUse",
        "401, unauthorized, Unauthorized",
        "400, invalid, Rejected",
        "404, not-found, Rejected",
        "409, not-allowed, Rejected",
        "413, too-large, Rejected",
        "503, database-away, Unavailable",
        "500, internal, Unavailable"
    })
    void eachCodeIsItsRefusal(int status, String code, String refusal) {
        first.refuses(status, code);

        RegistryRefusal thrown =
                catchThrowableOfType(
                        RegistryRefusal.class, () -> client(first.uri()).register(registration()));

        assertThat(thrown.getClass().getSimpleName()).isEqualTo(refusal);
        assertThat(thrown)
                .hasMessageContaining("POST " + first.uri() + "/v1/units")
                .hasMessageContaining(code)
                .hasMessageContaining("the unit's story");
    }

    @Test
    void aRefusalIsNotTakenToTheNextUrl() {
        first.refuses(409, "superseded");
        second.answers(201, REGISTERED);

        assertThatThrownBy(() -> client(first.uri(), second.uri()).register(registration()))
                .isInstanceOf(RegistryRefusal.Superseded.class);
        assertThat(second.received()).isEmpty();
    }

    @Test
    void a404OfSomethingElseDoesNotMeanThatTheUnitIsUnknown() {
        first.answers(404, "<html>not found</html>");

        assertThatThrownBy(() -> client(first.uri()).beat(UNIT, BEAT, TIMEOUT))
                .isInstanceOf(RegistryRefusal.Rejected.class);
    }

    @Test
    void aRedirectIsNotFollowed() {
        first.answers(307, "Location", second.uri() + "/v1/units", "");

        assertThatThrownBy(() -> client(first.uri()).register(registration()))
                .isInstanceOfSatisfying(
                        RegistryRefusal.Rejected.class,
                        rejected -> assertThat(rejected.status()).isEqualTo(307));
        assertThat(second.received()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"7, PT7S", "0, PT0S", "86400, PT1H", "soon, ", "-1, ", "99999999999, "})
    void theWaitThatTheRegistryAsksForIsHandedOn(String header, Duration expected) {
        first.answers(503, "Retry-After", header, "{\"code\":\"database-away\"}");

        RegistryRefusal.Unavailable thrown =
                catchThrowableOfType(
                        RegistryRefusal.Unavailable.class,
                        () -> client(first.uri()).register(registration()));

        assertThat(thrown.retryAfter()).isEqualTo(expected);
    }

    @Test
    void aUnitInUseIsToBeTriedAgainAfterTheLeaseWhenTheRegistryDoesNotSay() {
        first.answers(409, "{\"code\":\"in-use\"}");

        RegistryRefusal.InUse thrown =
                catchThrowableOfType(
                        RegistryRefusal.InUse.class,
                        () -> client(first.uri()).register(registration()));

        assertThat(thrown.retryAfter()).isEqualTo(Duration.ofSeconds(6));
    }

    @Test
    void controlCharactersOfAnAnswerDoNotReachTheMessage() {
        first.answers(400, "{\"code\":\"invalid\",\"detail\":\"a\\u001b[31mb\\nc\"}");

        RegistryRefusal thrown =
                catchThrowableOfType(
                        RegistryRefusal.class, () -> client(first.uri()).register(registration()));

        assertThat(thrown.getMessage()).contains("a?[31mb?c").doesNotContain("\u001b", "\n");
    }

    @Test
    void anAnswerWithoutEndIsRefused() {
        byte[] megabyte = new byte[1 << 20];
        first.behaves(exchange -> {
            exchange.sendResponseHeaders(200, 0);
            for (int i = 0; i < 64; i++) {
                exchange.getResponseBody().write(megabyte);
            }
            exchange.close();
        });

        assertThatThrownBy(() -> client(first.uri()).register(registration()))
                .isInstanceOf(RegistryRefusal.Unavailable.class);
    }

    @Test
    void aKeptConnectionThatTheRegistryClosedIsNoFailure() {
        first.answers(200, STORED);
        RegistryClient client = client(first.uri());
        client.beat(UNIT, BEAT, TIMEOUT);
        int[] calls = {0};
        first.behaves(exchange -> {
            if (calls[0]++ == 0) {
                throw new java.io.IOException("closes the connection without an answer");
            }
            FakeReplica.answer(exchange, 200, STORED);
        });

        assertThat(client.beat(UNIT, BEAT, TIMEOUT).stored()).isTrue();
    }

    @Test
    void nothingReachableIsUnavailable() {
        assertThatThrownBy(() ->
                        client(FakeReplica.nobody(), FakeReplica.nobody()).register(registration()))
                .isInstanceOf(RegistryRefusal.Unavailable.class);
    }

    @Test
    void anInterruptEndsTheCallAndIsKept() {
        CountDownLatch never = new CountDownLatch(1);
        first.behaves(exchange -> await(never));
        Thread.currentThread().interrupt();

        assertThatThrownBy(() -> client(first.uri(), second.uri()).register(registration()))
                .isInstanceOf(RegistryRefusal.Unavailable.class);
        assertThat(Thread.interrupted()).isTrue();
        assertThat(second.received()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ftp://localhost",
                "localhost:8761",
                "http:///x",
                "http://user@localhost",
                "http://localhost?a=b",
                "http://localhost#x"
            })
    void aUrlThatIsNoneIsRefused(String url) {
        assertThatThrownBy(() -> client(URI.create(url)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("registry URL");
    }

    @Test
    void anEmptyListOfUrlsIsRefused() {
        assertThatThrownBy(() -> new RegistryClient(List.of(), null, TIMEOUT))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void clientsSpreadOverTheReplicasAndEachStaysWithItsOwn() {
        first.answers(200, STORED);
        second.answers(200, STORED);
        List<URI> urls = List.of(first.uri(), second.uri());

        for (int i = 0; i < 40; i++) {
            RegistryClient client = new RegistryClient(urls, null, TIMEOUT);
            clients.add(client);
            client.beat(UNIT, BEAT, TIMEOUT);
            int met = first.received().size();
            client.beat(UNIT, BEAT, TIMEOUT);
            client.beat(UNIT, BEAT, TIMEOUT);
            assertThat((first.received().size() - met) % 2).isZero();
        }

        // Fewer than four of forty is a chance of one in a hundred million.
        assertThat(first.received().size()).isBetween(12, 108);
        assertThat(second.received().size()).isBetween(12, 108);
    }

    @Test
    void aUrlMayHaveAPathAndATrailingSlash() {
        first.answers(201, REGISTERED);

        client(URI.create(first.uri() + "/lepton/")).register(registration());

        assertThat(first.received().getFirst().line()).isEqualTo("POST /lepton/v1/units");
    }

    private RegistryClient client(URI... urls) {
        RegistryClient client =
                new RegistryClient(
                        new RegistryUrls(List.of(urls)),
                        BearerToken.of("0123456789abcdef"),
                        TIMEOUT);
        clients.add(client);
        return client;
    }

    private static Registration registration() {
        return new Registration(
                UNIT,
                START,
                new ServiceName("worker"),
                UnitAddress.http("localhost", 80),
                null,
                null,
                null,
                null,
                null,
                null,
                null);
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
