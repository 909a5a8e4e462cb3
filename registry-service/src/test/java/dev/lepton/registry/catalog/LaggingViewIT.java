package dev.lepton.registry.catalog;

import static dev.lepton.registry.support.RestUnit.code;
import static dev.lepton.registry.unit.UnitBuilder.aUnit;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lepton.client.heartbeat.Heartbeat;
import dev.lepton.client.rest.ProtocolJson;
import dev.lepton.client.unit.StartId;
import dev.lepton.client.unit.UnitId;
import dev.lepton.registry.changelog.ChangeWriter;
import dev.lepton.registry.changelog.DirectConnections;
import dev.lepton.registry.changelog.ProposedChange;
import dev.lepton.registry.changelog.WriteOutcome.Written;
import dev.lepton.registry.fleet.ChangeTail;
import dev.lepton.registry.support.FreshDatabase;
import dev.lepton.registry.support.RunningRegistry;
import dev.lepton.registry.unit.UnitBuilder;
import dev.lepton.registry.unit.UnitRow;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A replica whose view has stopped, and another that goes on writing. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class LaggingViewIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final UnitRow SEEN = aUnit("seen-1").row();

    @RegisterExtension static final FreshDatabase database = FreshDatabase.migrated();

    private static RunningRegistry registry;
    private static ChangeWriter otherReplica;

    @BeforeAll
    static void startAndStopTheView() {
        otherReplica =
                new ChangeWriter(
                        new DirectConnections(
                                database.url(), database.username(), database.password()),
                        InstantSource.system(),
                        List.of());
        otherReplica.start();
        store(SEEN);
        registry = RunningRegistry.start(database);
        registry.bean(ChangeTail.class).close();
    }

    @AfterAll
    static void stop() {
        registry.close();
        otherReplica.close();
    }

    @Test
    void unitThatTheViewDoesNotKnowYetIsFound() {
        UnitRow unit = aUnit("u-" + UUID.randomUUID()).row();
        store(unit);

        HttpResponse<String> answer = registry.get("/v1/units/" + unit.id());

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(answer.body()).contains(unit.startId().toString());
    }

    @Test
    void serviceThatTheViewDoesNotKnowYetIsFound() {
        String service = "s-" + UUID.randomUUID();
        UnitRow unit = aUnit("u-" + UUID.randomUUID()).of(service).row();
        store(unit);

        HttpResponse<String> answer = registry.get("/v1/services/" + service);

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(answer.body()).contains(unit.id().value());
    }

    @Test
    void beatOfAStartThatTheViewDoesNotKnowYetIsTaken() {
        UnitRow first = aUnit("u-" + UUID.randomUUID()).row();
        UnitRow second =
                UnitBuilder.of(first)
                        .heldBy(StartId.random())
                        .incarnation(first.incarnation() + 1)
                        .version(first.version() + 1)
                        .row();
        store(first);
        assertThat(beat(first.id(), first.startId()).statusCode()).isEqualTo(200);
        store(second);

        assertThat(beat(second.id(), second.startId()).statusCode()).isEqualTo(200);
        assertThat(code(beat(first.id(), first.startId()))).isEqualTo("superseded");
    }

    @Test
    void whatPostgresDoesNotKnowEitherIsNotFound() {
        assertThat(code(registry.get("/v1/units/nobody"))).isEqualTo("not-registered");
        assertThat(code(registry.get("/v1/services/nobody"))).isEqualTo("unknown-service");
        assertThat(code(beat(new UnitId("nobody"), StartId.random()))).isEqualTo("not-registered");
    }

    @Test
    void eachReadSaysHowOldTheViewIsAndHowFarItReaches() {
        store(aUnit("u-" + UUID.randomUUID()).row());
        await().atMost(PATIENCE).until(() -> age(registry.get("/v1/units")) > 300);

        for (String path :
                List.of(
                        "/v1/units/seen-1",
                        "/v1/units/nobody",
                        "/v1/services",
                        "/v1/services/worker",
                        "/v1/nodes",
                        "/v1/events",
                        "/v1/policies",
                        "/v1/incidents")) {
            HttpResponse<String> answer = registry.get(path);
            assertThat(age(answer)).as(path).isGreaterThan(300);
            assertThat(answer.headers().firstValue("Lepton-View-Position").orElse(""))
                    .as(path)
                    .endsWith(":1");
        }
    }

    @Test
    @Order(Integer.MAX_VALUE)
    void withoutPostgresNothingIsSaidNotToBe() {
        database.refuseConnections();
        for (String path :
                List.of(
                        "/v1/units/nobody",
                        "/v1/services/nobody",
                        "/v1/services/worker/policy",
                        "/v1/units/seen-1/desired",
                        "/v1/incidents/1",
                        "/v1/events")) {
            HttpResponse<String> answer = registry.get(path);
            assertThat(answer.statusCode()).as("%s: %s", path, answer.body()).isEqualTo(503);
            assertThat(code(answer)).as(path).isEqualTo("database-away");
            assertThat(age(answer)).as(path).isPositive();
        }
        assertThat(code(beat(new UnitId("nobody"), StartId.random()))).isEqualTo("database-away");
        assertThat(registry.get("/v1/units/seen-1").statusCode()).isEqualTo(200);
        assertThat(registry.get("/v1/services/worker").statusCode()).isEqualTo(200);
        assertThat(beat(SEEN.id(), SEEN.startId()).statusCode()).isEqualTo(200);
    }

    private static HttpResponse<String> beat(UnitId unit, StartId start) {
        return registry.send(
                "PUT",
                "/v1/units/" + unit + "/heartbeat",
                ProtocolJson.lenient()
                        .writeValueAsString(new Heartbeat(start, 1, null, 0, 0, null)));
    }

    private static void store(UnitRow after) {
        assertThat(
                        otherReplica
                                .write(
                                        new ProposedChange.OfUnit(
                                                null, after, "registered", "registered", null))
                                .join())
                .isInstanceOf(Written.class);
    }

    private static long age(HttpResponse<String> answer) {
        return answer.headers().firstValueAsLong("Lepton-View-Age").orElse(-1);
    }
}
