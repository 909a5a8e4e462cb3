package dev.lepton.platform.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lepton.client.incident.IncidentCause;
import dev.lepton.client.unit.UnitState;
import dev.lepton.platform.running.Checkout;
import dev.lepton.platform.running.Command;
import dev.lepton.platform.running.LongRun;
import dev.lepton.platform.running.OnSharedPlatform;
import dev.lepton.platform.running.Platform;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code ./lepton drill} as an operator runs it, while users send requests. */
@LongRun
@OnSharedPlatform
class DrillIT {

    private static final Duration LIMIT = Duration.ofMinutes(4);

    @ParameterizedTest
    @CsvSource({"kill, EXITED", "hang, STOPPED"})
    void drillCostsNoRequestAndItsIncidentSaysThatItWasOne(
            String fault, IncidentCause cause, Platform platform) throws Exception {
        List<JsonNode> rounds = new ArrayList<>();

        Trial.Result result =
                Trial.run(
                        platform,
                        fault + " of one worker of three by a drill",
                        () -> awaitThatItMayBe(platform),
                        trial -> {
                            trial.faultIsNow();
                            Command.Outcome outcome =
                                    lepton(
                                            platform,
                                            "--unit",
                                            "worker-2",
                                            "--fault",
                                            fault,
                                            "--go",
                                            "--probe",
                                            "/worker/hello",
                                            "-o",
                                            "json");
                            rounds.add(onlyRound(outcome));
                            trial.awaitServingAgain("worker-2", LIMIT);
                        });

        result.nothingFailed();
        JsonNode round = rounds.getLast();
        assertThat(round.get("recovered").asBoolean()).isTrue();
        assertThat(round.get("probe").get("sent").asInt()).isGreaterThan(20);
        assertThat(round.get("probe").get("failed").asInt()).isZero();
        JsonNode incident =
                json(platform.call("GET", "/v1/incidents/" + round.get("incident"), null));
        assertThat(incident.get("startId")).isEqualTo(round.get("startId"));
        assertThat(incident.get("drill").asBoolean()).isTrue();
        assertThat(incident.get("timeline"))
                .anyMatch(entry ->
                        entry.get("what").asString().equals("drill")
                                && entry.get("reason")
                                        .asString()
                                        .contains(System.getProperty("user.name")));
        assertThat(platform.records().incidentsOf("worker-2").getFirst().cause()).isEqualTo(cause);
        assertThat(platform.call("GET", "/v1/incidents?unit=worker-2&drill=false", null))
                .doesNotContain(round.get("startId").asString());
    }

    @Test
    void drillBesideAUnitThatIsDownTouchesNothing(Platform platform) throws Exception {
        awaitThatItMayBe(platform);
        int incidents = platform.records().incidentsOf("worker-1").size();
        platform.ask("stop", "worker-3");
        try {
            platform.awaitWithin(
                    LIMIT, () -> platform.records().unit("worker-3").state() == UnitState.STOPPED);
            List<Long> pids = pids(platform);

            Command.Outcome outcome = lepton(platform, "--unit", "worker-1", "--go");

            assertThat(outcome.exitCode()).as(outcome.output()).isEqualTo(77);
            assertThat(outcome.output())
                    .contains("'worker-3' is STOPPED")
                    .contains("every other unit must be UP")
                    .contains("Nothing was done");
            // Nor would the registry let another supervisor do it.
            assertThat(
                            platform.call(
                                    "POST",
                                    "/v1/units/worker-1/permit",
                                    Map.of(
                                            "service",
                                            "worker",
                                            "startId",
                                            Objects.requireNonNull(
                                                    platform.unit("worker-1").startId()),
                                            "cause",
                                            "drill")))
                    .contains("\"granted\":false")
                    .contains("'worker-3' is STOPPED");
            assertThat(pids(platform)).isEqualTo(pids);
            assertThat(platform.records().incidentsOf("worker-1")).hasSize(incidents);
        } finally {
            platform.ask("start", "worker-3");
            platform.awaitReady();
        }
    }

    private static List<Long> pids(Platform platform) throws Exception {
        return List.of(platform.unit("worker-1").livePid(), platform.unit("worker-2").livePid());
    }

    /** What earlier tests have left of their incidents is to be closed first. */
    private static void awaitThatItMayBe(Platform platform) {
        platform.awaitReady();
        platform.awaitWithin(
                LIMIT,
                Duration.ofSeconds(1),
                () -> lepton(platform, "--unit", "worker-2").exitCode() == 0);
    }

    private static Command.Outcome lepton(Platform platform, String... more) {
        List<String> words =
                new ArrayList<>(
                        List.of(
                                Checkout.root().resolve("lepton").toString(),
                                "drill",
                                "worker",
                                "--home",
                                platform.home().toString()));
        words.addAll(List.of(more));
        return Command.run(Checkout.root(), Map.of(), LIMIT, words);
    }

    private static JsonNode onlyRound(Command.Outcome outcome) {
        assertThat(outcome.exitCode()).as(outcome.output()).isZero();
        // Progress lines stand before it.
        JsonNode rounds =
                json(outcome.output().substring(outcome.output().indexOf("\n{") + 1)).get("rounds");
        assertThat(rounds).hasSize(1);
        return rounds.get(0);
    }

    private static JsonNode json(String text) {
        return JsonMapper.builder().build().readTree(text);
    }
}
