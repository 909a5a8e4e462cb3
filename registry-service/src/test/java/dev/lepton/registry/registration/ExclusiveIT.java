package dev.lepton.registry.registration;

import static dev.lepton.registry.support.RestUnit.code;
import static dev.lepton.registry.support.RestUnit.incarnation;
import static dev.lepton.registry.support.RestUnit.startOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lepton.client.registration.Registration;
import dev.lepton.client.rest.ProtocolJson;
import dev.lepton.client.unit.UnitState;
import dev.lepton.registry.support.FreshDatabase;
import dev.lepton.registry.support.RestUnit;
import dev.lepton.registry.support.RunningRegistry;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The place of an exclusive unit, over HTTP. The lease is so long that nothing ends by itself. */
class ExclusiveIT {

    private static final JsonMapper JSON = ProtocolJson.lenient();
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @RegisterExtension static final FreshDatabase database = FreshDatabase.migrated();

    private static RunningRegistry registry;

    private final String service = "s-" + UUID.randomUUID();
    private final RestUnit ordinary = startOf(registry, "u-" + UUID.randomUUID()).of(service);
    private final RestUnit exclusive =
            ordinary.labelled(Map.of(Registration.EXCLUSIVE_LABEL, "true"));

    @BeforeAll
    static void start() {
        registry =
                RunningRegistry.start(
                        database,
                        "lepton.lease.suspect-after=5m",
                        "lepton.lease.duration=10m",
                        "lepton.lease.exclusive-margin=1m");
    }

    @AfterAll
    static void stop() {
        registry.close();
    }

    @Test
    void exclusiveUnitIsToldItsFenceWithEachAnswer() {
        assertThat(fence(exclusive.register())).hasToString(fenceOf("PT9M", "PT10M"));
        assertThat(fence(exclusive.beat())).hasToString(fenceOf("PT9M", "PT10M"));
    }

    @Test
    void ordinaryUnitIsToldOfNone() {
        assertThat(fence(ordinary.register())).isNull();
        assertThat(fence(ordinary.beat())).isNull();
    }

    @Test
    void changeOfThePolicyReachesARunningUnitByItsNextBeat() {
        ordinary.up();

        policy(true);
        await().atMost(PATIENCE).until(() -> fence(ordinary.beat()) != null);

        policy(false);
        await().atMost(PATIENCE).until(() -> fence(ordinary.beat()) == null);
    }

    @Test
    void policyThatSaysNoIsStrongerThanTheUnitsOwnWord() {
        exclusive.up();

        policy(false);

        await().atMost(PATIENCE).until(() -> fence(exclusive.beat()) == null);
    }

    @Test
    void unitThatDeregisteredKeepsItsPlaceUntilItsEndWasSeen() {
        exclusive.up();
        exclusive.deregister();
        assertThat(exclusive.state()).isEqualTo(UnitState.STOPPED);
        RestUnit next = exclusive.nextStart();

        HttpResponse<String> refused = next.register();
        exclusive.stopped();

        assertThat(refused.statusCode()).isEqualTo(409);
        assertThat(code(refused)).isEqualTo("in-use");
        assertThat(refused.headers().firstValueAsLong("Retry-After").orElse(0))
                .isGreaterThan(Duration.ofMinutes(10).toSeconds());
        assertThat(incarnation(next.register())).isEqualTo(2);
    }

    @Test
    void unitThatExitedIsReplacedAtOnce() {
        exclusive.up();
        exclusive.exited(1);

        assertThat(incarnation(exclusive.nextStart().register())).isEqualTo(2);
    }

    @Test
    void ordinaryUnitThatDeregisteredIsReplacedAtOnce() {
        ordinary.up();
        ordinary.deregister();

        assertThat(incarnation(ordinary.nextStart().register())).isEqualTo(2);
    }

    private void policy(boolean exclusive) {
        HttpResponse<String> answer =
                registry.send(
                        "PUT",
                        "/v1/services/" + service + "/policy",
                        "{\"policy\":{\"exclusive\":" + exclusive + "}}");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    }

    private static JsonNode fence(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isIn(200, 201);
        return JSON.readTree(answer.body()).get("fence");
    }

    private static String fenceOf(String stopAfter, String goneAfter) {
        return "{\"stopAfter\":\"%s\",\"goneAfter\":\"%s\"}".formatted(stopAfter, goneAfter);
    }
}
