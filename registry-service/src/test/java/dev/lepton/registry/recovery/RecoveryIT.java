package dev.lepton.registry.recovery;

import static dev.lepton.registry.support.RestUnit.code;
import static dev.lepton.registry.support.RestUnit.incarnation;
import static dev.lepton.registry.support.RestUnit.startOf;
import static dev.lepton.registry.support.RestUnit.view;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lepton.client.unit.UnitState;
import dev.lepton.registry.support.FreshDatabase;
import dev.lepton.registry.support.RestUnit;
import dev.lepton.registry.support.RunningRegistry;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RecoveryIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @RegisterExtension static final FreshDatabase database = FreshDatabase.migrated();

    private static RunningRegistry registry;

    private final RestUnit unit =
            startOf(registry, "worker-" + UUID.randomUUID()).of("worker").on("node-a");

    @BeforeAll
    static void start() {
        registry = RunningRegistry.start(database);
    }

    @AfterAll
    static void stop() {
        registry.close();
    }

    @Test
    void unitThatExitedIsRecoveringWhenItsSupervisorSaysSoAndUpByTheNextStart() {
        exited();

        assertThat(view(report("restarting", "exit code 137")).state())
                .isEqualTo(UnitState.RECOVERING);
        RestUnit next = unit.nextStart();
        assertThat(incarnation(next.register())).isEqualTo(2);
        next.beat();

        awaitState(UnitState.UP);
        assertThat(logged())
                .containsExactly(
                        "registered", "started", "exited", "restarting", "registered", "recovered");
    }

    @Test
    void startThatHasEndedDoesNotBringARestartingUnitUp() {
        exited();
        report("restarting", "exit code 137");

        HttpResponse<String> late = unit.beat();

        assertThat(late.statusCode()).isEqualTo(409);
        assertThat(code(late)).isEqualTo("superseded");
        assertThat(unit.state()).isEqualTo(UnitState.RECOVERING);
    }

    @Test
    void reportThatIsSentAgainChangesNothing() {
        exited();
        report("restarting", "exit code 137");

        assertThat(view(report("restarting", "once more")).reason()).isEqualTo("exit code 137");

        report("gave-up", "5 restarts within PT1M");
        assertThat(view(report("gave-up", "once more")).state()).isEqualTo(UnitState.QUARANTINED);
        report("probation", "15 min have passed");
        assertThat(view(report("probation", "once more")).state()).isEqualTo(UnitState.STARTING);
        assertThat(logged()).endsWith("exited", "restarting", "quarantined", "probation");
    }

    @Test
    void unitThatWasGivenUpIsStartedOnTrialAndItsNextStartIsAdmittedAtOnce() {
        exited();
        report("gave-up", "5 restarts within PT1M");
        report("probation", "15 min have passed");
        assertThat(unit.beat().statusCode()).isEqualTo(409);

        RestUnit trial = unit.nextStart();
        assertThat(incarnation(trial.register())).isEqualTo(2);
        trial.beat();

        awaitState(UnitState.UP);
        assertThat(logged()).endsWith("quarantined", "probation", "registered", "started");
    }

    @Test
    void reportAboutAStartThatANewerOneHasReplacedComesTooLate() {
        exited();
        assertThat(unit.nextStart().register().statusCode()).isEqualTo(201);

        HttpResponse<String> late = report("gave-up", "5 restarts within PT1M");

        assertThat(late.statusCode()).isEqualTo(409);
        assertThat(code(late)).isEqualTo("superseded");
    }

    @Test
    void whatIsSaidOfAStartThatNeverRegisteredIsSaidOfTheUnit() {
        exited();
        report("restarting", "exit code 137");
        RestUnit diedEarly = unit.nextStart();

        HttpResponse<String> given =
                diedEarly.send(
                        "POST",
                        "/recovery",
                        Map.of(
                                "startId",
                                diedEarly.start(),
                                "step",
                                "gave-up",
                                "reason",
                                "5 restarts within PT1M"));

        assertThat(view(given).state()).isEqualTo(UnitState.QUARANTINED);
        assertThat(unit.state()).isEqualTo(UnitState.QUARANTINED);
    }

    @Test
    void aStartThatNeverRegisteredSaysNothingOfOneThatServes() {
        unit.up();
        awaitState(UnitState.UP);
        RestUnit stranger = unit.nextStart();

        HttpResponse<String> refused =
                stranger.send(
                        "POST",
                        "/recovery",
                        Map.of("startId", stranger.start(), "step", "gave-up"));

        assertThat(refused.statusCode()).isEqualTo(409);
        assertThat(unit.state()).isEqualTo(UnitState.UP);
    }

    @Test
    void unitThatServesCannotBeGivenUp() {
        unit.up();
        awaitState(UnitState.UP);

        HttpResponse<String> refused = report("gave-up", "by mistake");

        assertThat(refused.statusCode()).isEqualTo(409);
        assertThat(code(refused)).isEqualTo("not-allowed");
    }

    @Test
    void reportAboutAUnitThatNobodyKnowsIsNotFound() {
        HttpResponse<String> answer = report("restarting", "exit code 1");

        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(code(answer)).isEqualTo("not-registered");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"startId\": \"x\", \"step\": \"restarting\"}",
                "{\"startId\": \"0b9f6a52-6d0c-4b54-9a0e-3f8f5b1c7d11\"}",
                "{\"startId\": \"0b9f6a52-6d0c-4b54-9a0e-3f8f5b1c7d11\", \"step\": \"later\"}",
                "{\"startId\": \"0b9f6a52-6d0c-4b54-9a0e-3f8f5b1c7d11\", \"step\": \"gave-up\", \"reason\": \"a\\nb\"}",
                "{\"startId\": \"0b9f6a52-6d0c-4b54-9a0e-3f8f5b1c7d11\", \"step\": \"gave-up\", \"why\": 1}"
            })
    void reportThatIsNoneIsRefused(String body) {
        HttpResponse<String> answer = registry.send("POST", "/v1/units/worker-1/recovery", body);

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
        assertThat(code(answer)).isEqualTo("invalid");
    }

    private void exited() {
        unit.up();
        awaitState(UnitState.UP);
        assertThat(unit.exited(137).statusCode()).isEqualTo(204);
    }

    private HttpResponse<String> report(String step, String reason) {
        return unit.send(
                "POST",
                "/recovery",
                Map.of("startId", unit.start(), "step", step, "reason", reason));
    }

    private void awaitState(UnitState state) {
        await().atMost(PATIENCE).until(unit::state, state::equals);
    }

    private List<String> logged() {
        return database.logged(unit.id());
    }
}
