package dev.lepton.registry.catalog;

import static dev.lepton.registry.support.RestUnit.code;
import static dev.lepton.registry.support.RestUnit.startOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lepton.client.rest.ProtocolJson;
import dev.lepton.client.unit.UnitState;
import dev.lepton.registry.support.FreshDatabase;
import dev.lepton.registry.support.RestUnit;
import dev.lepton.registry.support.RunningRegistry;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

class ServiceIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @RegisterExtension static final FreshDatabase database = FreshDatabase.migrated();

    private static RunningRegistry registry;

    private final String service = "service-" + UUID.randomUUID();

    @BeforeAll
    static void start() {
        registry =
                RunningRegistry.start(
                        database,
                        "lepton.lease.heartbeat-interval=200ms",
                        "lepton.lease.flush-interval=50ms",
                        "lepton.lease.sweep-interval=50ms",
                        "lepton.lease.suspect-after=1s",
                        "lepton.lease.duration=2s",
                        "lepton.silence.hold=3s",
                        "lepton.leader.renew-interval=100ms");
    }

    @AfterAll
    static void stop() {
        registry.close();
    }

    @Test
    void serviceIsShownWithItsUnitsAndTheirStates() {
        RestUnit up = unit(1).up();
        unit(2).register();
        awaitState(up, UnitState.UP);
        await().atMost(PATIENCE)
                .until(() -> {
                    // On a busy machine one beat is soon too old.
                    up.beat();
                    return service().path("byState").path("UP").asInt() == 1;
                });

        JsonNode shown = service();

        assertThat(shown.get("service").asString()).isEqualTo(service);
        assertThat(shown.get("byState").get("STARTING").asInt()).isEqualTo(1);
        assertThat(shown.get("units")).hasSize(2);
        assertThat(shown.get("units").get(0).get("unitId").asString()).isEqualTo(up.id());
        assertThat(shown.has("preserving")).isFalse();
        assertThat(shown.has("position")).isTrue();
        assertThat(shown.get("ageMillis").asLong()).isNotNegative();
    }

    /**
     * Nobody answers at its address, and it has no supervisor: the registry is the one observer.
     */
    @Test
    void serviceThatIsPreservingSaysSoUntilItsOnlyObserverHasFailedToReachItForTheWholeHold() {
        RestUnit last = unit(1).up();
        await().atMost(PATIENCE).until(() -> service().has("preserving"));

        JsonNode preserving = service().get("preserving");

        assertThat(preserving.get("reason").asString()).startsWith("preserving: no beat for ");
        assertThat(preserving.get("since").asString()).isNotEmpty();
        assertThat(preserving.get("units").get(0).asString()).isEqualTo(last.id());
        awaitState(last, UnitState.DOWN);
        assertThat(last.view().reason())
                .startsWith("preserved for PT3S, and not reached by the registry; no beat for ");
        await().atMost(PATIENCE).until(() -> !service().has("preserving"));
    }

    @Test
    void serviceThatNobodyKnowsIsNotFound() {
        HttpResponse<String> answer = registry.get("/v1/services/nobody");

        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(code(answer)).isEqualTo("unknown-service");
    }

    @Test
    void nameThatIsNoneIsRefused() {
        HttpResponse<String> answer = registry.get("/v1/services/Not%20A%20Name");

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(code(answer)).isEqualTo("invalid");
    }

    private JsonNode service() {
        HttpResponse<String> answer = registry.get("/v1/services/" + service);
        return ProtocolJson.lenient().readTree(answer.body());
    }

    private RestUnit unit(int number) {
        return startOf(registry, service + "-" + number).of(service);
    }

    private static void awaitState(RestUnit unit, UnitState state) {
        await().atMost(PATIENCE).until(unit::state, state::equals);
    }
}
