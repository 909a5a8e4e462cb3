package dev.lepton.cli.drill;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lepton.cli.Cli;
import dev.lepton.cli.FakeSupervisor;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class DrillCommandTests {

    private static final String FIRST = "0b9f6a52-6d0c-4b54-9a0e-3f8f5b1c7d11";
    private static final String SECOND = "0b9f6a52-6d0c-4b54-9a0e-3f8f5b1c7d12";
    private static final String NEXT = "0b9f6a52-6d0c-4b54-9a0e-3f8f5b1c7d13";
    private static final String STRIKE_FIRST = "POST /v1/units/worker-1/drill";
    private static final String STRIKE_SECOND = "POST /v1/units/worker-2/drill";
    private static final String HELD =
            """
            {"unit":"worker-1","fault":"kill","struck":%s,
             "rails":[{"rail":"process","holds":true,"told":"it is one"},{"rail":"up","holds":true,"told":"'worker-1' is UP"}]}\
            """;
    private static final String REFUSED =
            """
            {"code":"drill-refused","detail":"'worker-2' is DOWN: every other unit must be UP",
             "rails":[{"rail":"process","holds":true,"told":"it is one"},
                      {"rail":"others-up","holds":false,"told":"'worker-2' is DOWN: every other unit must be UP"}]}\
            """;

    @TempDir private Path folder;

    private final FakeSupervisor platform = new FakeSupervisor();
    private Cli cli;

    @BeforeEach
    void twoWorkersServe() {
        Path home = folder.resolve(".lepton");
        cli = new Cli(folder, home, Path.of("/nonexistent/java"));
        platform.runsOn(home, ProcessHandle.current().pid());
        units("UP", FIRST, "UP", SECOND);
        recoversAt(STRIKE_FIRST, FIRST, () -> units("UP", NEXT, "UP", SECOND));
        recoversAt(STRIKE_SECOND, SECOND, () -> units("UP", NEXT, "UP", NEXT));
        platform.answers("GET /open/hello", 200, "hello");
    }

    @AfterEach
    void close() {
        platform.close();
    }

    @Test
    void withoutGoTheRailsAreToldAndTheUnitIsNamed() {
        platform.answers(STRIKE_FIRST, 200, HELD.formatted("false"));

        Cli.Result result = cli.run("drill", "worker");

        assertThat(result.code()).as(result.err()).isZero();
        assertThat(result.out().lines())
                .containsExactly(
                        "RAIL     HOLDS  WHY",
                        "process  yes    it is one",
                        "up       yes    'worker-1' is UP",
                        "worker-1 would be struck by SIGKILL (start "
                                + FIRST
                                + "). Nothing was done: add --go");
        assertThat(order(STRIKE_FIRST).get("go").asBoolean()).isFalse();
        assertThat(order(STRIKE_FIRST).get("startId").asString()).isEqualTo(FIRST);
        assertThat(platform.calls()).containsExactly("GET /v1/units", STRIKE_FIRST);
    }

    @Test
    void whatARailRefusesHasAnExitCodeOfItsOwn() {
        platform.answers(STRIKE_FIRST, 409, REFUSED);

        Cli.Result result = cli.run("drill", "worker");

        assertThat(result.code()).isEqualTo(77);
        assertThat(result.out())
                .contains("others-up  NO     'worker-2' is DOWN: every other unit must be UP");
        assertThat(result.err())
                .isEqualTo(
                        "lepton: no drill: 'worker-2' is DOWN: every other unit must be UP. Nothing was done\n");
        assertThat(cli.run("drill", "worker", "--go").code()).isEqualTo(77);
    }

    @Test
    void recoveryIsToldByTheTimesOfItsIncident() {
        Cli.Result result = cli.run("drill", "worker", "--go", "--fault", "hang");

        assertThat(result.code()).as(result.err()).isZero();
        assertThat(result.out().lines())
                .hasSize(2)
                .first()
                .asString()
                .matches("round 1: worker-1, hang: serves again after \\d+\\.\\d\\d s, incident 7");
        assertThat(result.out().lines())
                .last()
                .isEqualTo("  detect 1.20 s, decide 0.01 s, start 0.02 s, serve 6.50 s");
        assertThat(result.err()).contains("round 1: worker-1 was struck by SIGSTOP");
        assertThat(order(STRIKE_FIRST).get("fault").asString()).isEqualTo("hang");
        assertThat(order(STRIKE_FIRST).get("go").asBoolean()).isTrue();
        assertThat(order(STRIKE_FIRST).get("decidedBy").asString())
                .isEqualTo(System.getProperty("user.name"));
    }

    @Test
    void unitThatServesIsWaitedForUntilItsIncidentIsClosedToo() {
        platform.changes(
                STRIKE_FIRST,
                () -> {
                    units("UP", NEXT, "UP", SECOND);
                    incident("worker-1", FIRST, true);
                });
        int[] looks = new int[1];
        platform.changes(
                "GET /v1/incidents",
                () -> {
                    if (++looks[0] == 3) {
                        incident("worker-1", FIRST, false);
                    }
                });

        assertThat(cli.run("drill", "worker", "--go").code()).isZero();
        assertThat(looks[0]).isGreaterThan(3);
    }

    @Test
    void roundsStrikeAnotherUnitEachTime() {
        Cli.Result result = cli.run("drill", "worker", "--go", "--rounds", "2");

        assertThat(result.code()).as(result.err()).isZero();
        assertThat(strikes()).containsExactly(STRIKE_FIRST, STRIKE_SECOND);
        assertThat(result.out()).contains("round 1: worker-1").contains("round 2: worker-2");
    }

    @Test
    void unitThatIsGivenUpEndsTheRoundsAndSaysWhereToLook() {
        platform.changes(
                STRIKE_FIRST,
                () -> {
                    units("QUARANTINED", null, "UP", SECOND);
                    incident("worker-1", FIRST, true);
                });

        Cli.Result result = cli.run("drill", "worker", "--go", "--rounds", "2");

        assertThat(result.code()).isEqualTo(1);
        assertThat(strikes()).containsExactly(STRIKE_FIRST);
        assertThat(result.out()).contains("NOT RECOVERED");
        assertThat(result.err())
                .contains("'worker-1' did not recover within ")
                .contains("'./lepton logs worker-1'")
                .contains("GET /v1/incidents/7");
    }

    @Test
    void laterRoundThatIsRefusedSaysSoAfterTheOnesThatWereDone() {
        platform.answers(STRIKE_SECOND, 409, REFUSED);

        Cli.Result result = cli.run("drill", "worker", "--go", "--rounds", "3", "-o", "json");

        assertThat(result.code()).isEqualTo(77);
        JsonNode json = JsonMapper.builder().build().readTree(result.out());
        assertThat(json.get("rounds")).hasSize(1);
        assertThat(json.get("rounds").get(0).get("recovered").asBoolean()).isTrue();
        assertThat(json.get("unit").asString()).isEqualTo("worker-2");
        assertThat(json.get("refusal").asString()).contains("'worker-2' is DOWN");
    }

    @Test
    void probeTellsHowManyRequestsWereSentAndThatNoneFailed() {
        Cli.Result result = cli.run("drill", "worker", "--go", "--probe", "/open/hello");

        assertThat(result.code()).as(result.err()).isZero();
        assertThat(result.out())
                .containsPattern("GET /open/hello: \\d\\d+ sent, 0 failed, slowest \\d");
    }

    @Test
    void requestThatFailsWhileAUnitIsRecoveredFailsTheDrill() {
        platform.changes(
                STRIKE_FIRST,
                () -> {
                    units("UP", NEXT, "UP", SECOND);
                    incident("worker-1", FIRST, false);
                    platform.answers("GET /open/hello", 503, "");
                });

        Cli.Result result =
                cli.run("drill", "worker", "--go", "--rounds", "2", "--probe", "/open/hello");

        assertThat(result.code()).isEqualTo(1);
        assertThat(strikes()).containsExactly(STRIKE_FIRST);
        assertThat(result.err())
                .containsPattern(
                        "\\d+ requests failed while 'worker-1' was recovered \\(status 503\\)");
    }

    @Test
    void pathThatFailsBeforeTheDrillIsSaidSoAndNothingIsStruck() {
        Cli.Result result = cli.run("drill", "worker", "--go", "--probe", "/open/nothing");

        assertThat(result.code()).isEqualTo(1);
        assertThat(result.err()).contains("fail without a drill (status 404); nothing was done");
        assertThat(strikes()).isEmpty();
    }

    @Test
    void jsonHasTheDurationsOfEachRound() {
        Cli.Result result =
                cli.run("drill", "worker", "--go", "--probe", "/open/hello", "-o", "json");

        assertThat(result.code()).as(result.err()).isZero();
        JsonNode json = JsonMapper.builder().build().readTree(result.out());
        assertThat(json.get("go").asBoolean()).isTrue();
        assertThat(json.get("rails")).hasSize(2);
        JsonNode round = json.get("rounds").get(0);
        assertThat(round.get("unit").asString()).isEqualTo("worker-1");
        assertThat(round.get("incident").asLong()).isEqualTo(7);
        assertThat(round.get("serve").asString()).isEqualTo("PT6.5S");
        assertThat(round.get("probe").get("failed").asInt()).isZero();
    }

    @Test
    void supervisorThatIsGoneWithItsAnswerMayHaveStruck() {
        platform.changes(STRIKE_FIRST, platform::breakOff);

        Cli.Result result = cli.run("drill", "worker", "--go");

        assertThat(result.code()).isEqualTo(69);
        assertThat(result.err())
                .contains("cannot be reached")
                .contains("'worker-1' may have been struck all the same");
    }

    @Test
    void withoutARegistryThereIsNoDrill() {
        platform.answers("GET /v1/node", 200, "{\"ready\":true}");

        Cli.Result result = cli.run("drill", "worker", "--go");

        assertThat(result.code()).isEqualTo(78);
        assertThat(strikes()).isEmpty();
    }

    private void units(String first, String firstStart, String second, String secondStart) {
        platform.answers(
                "GET /v1/units",
                200,
                """
                {"units":[
                  {"id":"gateway","service":"gateway","state":"UP","address":"%s"},
                  {"id":"worker-1","service":"worker","state":"%s","startId":%s,"incarnation":1,"reason":"why"},
                  {"id":"worker-2","service":"worker","state":"%s","startId":%s,"incarnation":1,"reason":"why"}]}\
                """
                        .formatted(
                                platform.url(),
                                first,
                                text(firstStart),
                                second,
                                text(secondStart)));
    }

    private static String text(String value) {
        return value == null ? "null" : '"' + value + '"';
    }

    private void recoversAt(String strike, String struck, Runnable units) {
        platform.answers(strike, 200, HELD.formatted("true"));
        platform.changes(
                strike,
                () -> {
                    units.run();
                    incident(strike.split("/")[3], struck, false);
                });
    }

    private void incident(String unit, String start, boolean open) {
        String incident =
                """
                {"id":7,"unitId":"%s","startId":"%s","service":"worker","cause":"stopped","open":%s,"drill":true,
                 "detect":"PT1.2S","decide":"PT0.01S","start":"PT0.02S","serve":"PT6.5S"}\
                """
                        .formatted(unit, start, open);
        platform.answers("GET /v1/incidents", 200, "{\"incidents\":[" + incident + "]}");
        platform.answers("GET /v1/incidents/7", 200, incident);
    }

    private JsonNode order(String call) {
        return JsonMapper.builder().build().readTree(platform.bodyOf(call));
    }

    private List<String> strikes() {
        return platform.calls().stream().filter(call -> call.endsWith("/drill")).toList();
    }
}
