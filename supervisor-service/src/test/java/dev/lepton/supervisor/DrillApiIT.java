package dev.lepton.supervisor;

import static dev.lepton.supervisor.SupervisorProcess.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lepton.client.incident.DrillFault;
import dev.lepton.client.incident.IncidentCause;
import dev.lepton.client.incident.IncidentReport;
import dev.lepton.client.incident.KnownIncident;
import dev.lepton.client.recovery.Permit;
import dev.lepton.client.unit.NodeName;
import dev.lepton.client.unit.StartId;
import dev.lepton.client.unit.UnitId;
import dev.lepton.client.unit.UnitView;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The door of drills: real processes, and a registry that says what the test wants. */
class DrillApiIT {

    private static FakeRegistry registry;
    private static SupervisorProcess supervisor;

    @BeforeAll
    static void startASupervisor(@TempDir Path folder) throws Exception {
        int port = SupervisorProcess.freePort();
        registry = new FakeRegistry(port);
        supervisor =
                new SupervisorProcess(
                                folder,
                                """
                                node: here
                                registry: http://127.0.0.1:%d
                                services:
                                  web: { command: [%2$s], units: 2, probe: { path: / }, restart: { intensity: 100, long-intensity: 100 } }
                                  alone: { command: [%2$s], probe: { path: / } }
                                  database: { command: [%2$s], probe: { path: / }, beater: none }
                                """
                                        .formatted(port, TinyUnit.command()))
                        .start()
                        .awaitReady();
    }

    @BeforeEach
    void bothServe() {
        for (String unit : List.of("web-1", "web-2", "alone-1")) {
            await().atMost(PATIENCE)
                    .ignoreExceptions()
                    .until(() ->
                            supervisor.unit(unit).get("state").asString().equals("UP")
                                    && !supervisor.unit(unit).get("incarnation").isNull());
        }
    }

    @AfterEach
    void calmDown() {
        registry.permit = new Permit(true, "", null);
        registry.openIncidents = List.of();
    }

    @AfterAll
    static void stopIt() throws Exception {
        supervisor.close();
        registry.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"kill", "hang"})
    void struckUnitIsRecoveredAndItsIncidentIsToldAsADrill(String fault) throws Exception {
        String struck = startOf("web-1");

        JsonNode answer = drill("web-1", fault, struck, true, 200);

        assertThat(answer.get("struck").asBoolean()).isTrue();
        assertThat(answer.get("struckAt").asString()).endsWith("Z");
        assertThat(answer.get("rails")).hasSize(13).allMatch(r -> r.get("holds").asBoolean());
        await().atMost(PATIENCE)
                .until(() ->
                        registry.incidents("web-1", struck).stream()
                                .anyMatch(report -> report.servedAt() != null));
        IncidentReport report = registry.incidents("web-1", struck).getLast();
        assertThat(report.drill().fault()).isEqualTo(DrillFault.parse(fault));
        assertThat(report.drill().decidedBy()).isEqualTo("ann");
        assertThat(report.cause())
                .isEqualTo(fault.equals("kill") ? IncidentCause.EXITED : IncidentCause.STOPPED);
        assertThat(registry.calls("POST /v1/units/web-1/permit").getFirst().body())
                .contains("\"cause\":\"drill\"");
        assertThat(startOf("web-1")).isNotEqualTo(struck);
    }

    @Test
    void withoutGoItIsToldAndNothingIsDone() throws Exception {
        String start = startOf("web-1");
        long pid = pidOf("web-1");
        int asked = registry.calls("POST /v1/units/web-1/permit").size();

        JsonNode answer = drill("web-1", "kill", start, false, 200);

        assertThat(answer.get("struck").asBoolean()).isFalse();
        assertThat(answer.has("struckAt")).isFalse();
        assertThat(answer.get("rails")).hasSize(12).allMatch(r -> r.get("holds").asBoolean());
        assertThat(registry.calls("POST /v1/units/web-1/permit")).hasSize(asked);
        assertThat(pidOf("web-1")).isEqualTo(pid);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            textBlock =
                    """
                    alone-1  | drill-refused | others-up  | 'alone-1' is the only unit of service 'alone': nobody could take its load
                    database | drill-refused | registered | 'database' is not registered (beater: none)
                    """)
    void unitThatMayNotFailIsLeftAlone(String unit, String code, String rail, String told)
            throws Exception {
        long pid = pidOf(unit);

        JsonNode problem = drill(unit, "kill", startOf(unit), true, 409);

        assertThat(problem.get("code").asString()).isEqualTo(code);
        assertThat(problem.get("detail").asString()).startsWith(told);
        assertThat(problem.get("rails"))
                .anyMatch(
                        r -> r.get("rail").asString().equals(rail) && !r.get("holds").asBoolean());
        assertThat(pidOf(unit)).isEqualTo(pid);
    }

    @Test
    void anotherStartThanTheOneThatHoldsTheUnitIsRefused() throws Exception {
        long pid = pidOf("web-1");

        JsonNode problem = drill("web-1", "kill", UUID.randomUUID().toString(), true, 409);

        assertThat(problem.get("code").asString()).isEqualTo("superseded");
        assertThat(problem.get("detail").asString()).contains("does not hold 'web-1' any more");
        assertThat(pidOf("web-1")).isEqualTo(pid);
    }

    @Test
    void openIncidentOfTheServiceRefusesIt() throws Exception {
        registry.openIncidents =
                List.of(
                        new KnownIncident(
                                7,
                                new UnitId("web-2"),
                                StartId.random(),
                                IncidentCause.HUNG,
                                true,
                                false,
                                null,
                                null,
                                null,
                                null));

        JsonNode problem = drill("web-1", "kill", startOf("web-1"), false, 409);

        assertThat(problem.get("detail").asString()).startsWith("incident 7 of 'web-2' is open");
    }

    @Test
    void permitThatTheRegistryDoesNotGiveRefusesIt() throws Exception {
        registry.permit = new Permit(false, "'web-2' is being recovered", Duration.ofSeconds(1));
        long pid = pidOf("web-1");

        JsonNode problem = drill("web-1", "kill", startOf("web-1"), true, 409);

        assertThat(problem.get("detail").asString()).isEqualTo("'web-2' is being recovered");
        assertThat(problem.get("rails").get(12).get("rail").asString()).isEqualTo("permit");
        assertThat(pidOf("web-1")).isEqualTo(pid);
    }

    @Test
    void secondDrillOfTheNodeWaitsUntilTheFirstOneIsOver() throws Exception {
        String struck = startOf("web-1");
        drill("web-1", "hang", struck, true, 200);

        JsonNode problem = drill("web-2", "kill", startOf("web-2"), true, 409);

        assertThat(problem.get("rails").toString())
                .contains("a drill of 'web-1' is under way on this node");
        await().atMost(PATIENCE).ignoreExceptions().until(() -> !startOf("web-1").equals(struck));
    }

    @Test
    void unitOfAnotherNodeIsSentThere() throws Exception {
        UnitView known = view("web-1");
        registry.show(
                new UnitView(
                        new UnitId("web-9"),
                        known.service(),
                        StartId.random(),
                        1,
                        known.state(),
                        known.address(),
                        new NodeName("there"),
                        known.beater(),
                        null,
                        100,
                        null,
                        null,
                        Map.of(),
                        known.since(),
                        ""));
        try {
            await().atMost(PATIENCE)
                    .untilAsserted(() ->
                            assertThat(
                                            drill(
                                                            "web-9",
                                                            "kill",
                                                            UUID.randomUUID().toString(),
                                                            true,
                                                            409)
                                                    .get("detail")
                                                    .asString())
                                    .isEqualTo(
                                            "'web-9' is a unit of node there: run the drill there"));
        } finally {
            registry.hide(new UnitId("web-9"));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            textBlock =
                    """
                    nobody | {'fault':'kill','startId':'$','go':true}           | 404 | no unit 'nobody' on this node
                    a%20b  | {'fault':'kill','startId':'$','go':true}           | 400 | unit id 'a b' must be
                    web-1  | {'fault':'explode','startId':'$','go':true}        | 400 | fault 'explode' must be kill or hang
                    web-1  | {'fault':'KILL','startId':'$','go':true}           | 400 | fault 'KILL' must be kill or hang
                    web-1  | {'fault':7,'startId':'$','go':true}                | 400 | fault '7' must be kill or hang
                    web-1  | {'startId':'$','go':true}                          | 400 | 'fault' is missing
                    web-1  | {'fault':'kill','go':true}                         | 400 | 'startId' is missing
                    web-1  | {'fault':'kill','startId':'x','go':true}           | 400 | start id must be a UUID
                    web-1  | {'fault':'kill','startId':'$','decidedBy':' ','go':true} | 400 | 'decidedBy' is missing
                    web-1  | {'fault':'kill','startId':'$','decidedBy':'a\\u001bb','go':true} | 400 | 'decidedBy' must not contain control characters
                    web-1  | {'fault':'kill','startId':'$','go':'maybe'}        | 400 | Failed to read request
                    web-1  | {'fault':'kill'                                    | 400 | Failed to read request
                    web-1  | []                                                 | 400 | Failed to read request
                    web-1  | null                                               | 400 | Failed to read request
                    web-1  | ""                                                 | 400 | Failed to read request
                    """)
    void badInputIsRefusedWithTheRule(String unit, String body, int status, String detail)
            throws Exception {
        long pid = pidOf("web-1");
        String json = body.replace('\'', '"').replace("$", startOf("web-1"));

        HttpResponse<String> answer =
                supervisor.send(
                        supervisor
                                .request("/v1/units/" + unit + "/drill")
                                .header("Content-Type", "application/json")
                                .POST(HttpRequest.BodyPublishers.ofString(json)));

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(new JsonMapper().readTree(answer.body()).get("detail").asString())
                .startsWith(detail);
        assertThat(pidOf("web-1")).isEqualTo(pid);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Bearer wrong-wrong-wrong-wrong"})
    void withoutTheTokenNothingIsDone(String header) throws Exception {
        long pid = pidOf("web-1");
        HttpRequest.Builder request =
                supervisor
                        .request("/v1/units/web-1/drill")
                        .header("Content-Type", "application/json")
                        .POST(
                                HttpRequest.BodyPublishers.ofString(
                                        "{\"fault\":\"kill\",\"startId\":\"%s\",\"go\":true}"
                                                .formatted(startOf("web-1"))));
        if (!header.isEmpty()) {
            request.header("Authorization", header);
        }

        assertThat(supervisor.sendWithout(request).statusCode()).isEqualTo(401);
        assertThat(pidOf("web-1")).isEqualTo(pid);
    }

    private static JsonNode drill(
            String unit, String fault, String start, boolean go, int expectedStatus)
            throws Exception {
        HttpResponse<String> answer =
                supervisor.send(
                        supervisor
                                .request("/v1/units/" + unit + "/drill")
                                .header("Content-Type", "application/json")
                                .POST(
                                        HttpRequest.BodyPublishers.ofString(
                                                new JsonMapper()
                                                        .writeValueAsString(
                                                                Map.of(
                                                                        "fault", fault,
                                                                        "startId", start,
                                                                        "decidedBy", "ann",
                                                                        "go", go)))));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(expectedStatus);
        return new JsonMapper().readTree(answer.body());
    }

    private static String startOf(String unit) throws Exception {
        return supervisor.unit(unit).get("startId").asString();
    }

    private static long pidOf(String unit) throws Exception {
        return supervisor.unit(unit).get("pid").asLong();
    }

    private static UnitView view(String unit) {
        return registry.shown(new UnitId(unit));
    }
}
