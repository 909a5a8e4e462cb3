package dev.lepton.supervisor.supervision;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lepton.client.incident.Drill;
import dev.lepton.client.incident.DrillFault;
import dev.lepton.client.incident.IncidentCause;
import dev.lepton.client.incident.IncidentReport;
import dev.lepton.client.policy.RestartType;
import dev.lepton.client.recovery.Permit;
import dev.lepton.client.unit.StartId;
import dev.lepton.client.unit.UnitId;
import dev.lepton.client.unit.UnitState;
import dev.lepton.supervisor.declaration.Beating;
import dev.lepton.supervisor.recovery.RestartPolicy;
import dev.lepton.supervisor.recovery.UnitPolicy;
import dev.lepton.supervisor.runtime.Exit;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class StrikeTests extends SupervisionScene {

    @Test
    void killIsRecoveredLikeAnyOtherEndAndItsIncidentSaysThatItWasADrill() {
        aWebServes();
        StartId struck = status("web-1").startId();

        StrikeOutcome outcome = drill(DrillFault.KILL);
        time.advance(Duration.ofMillis(100));

        assertThat(outcome)
                .isEqualTo(
                        new StrikeOutcome.Struck(
                                new Drill(
                                        DrillFault.KILL, "ann", time.instant().minusMillis(100))));
        assertThat(asked).containsExactly("web-1 DRILL");
        assertThat(runtime.calls).containsExactly("strike KILL web-1", "start web-1");
        assertThat(status("web-1").restarts()).isEqualTo(1);
        assertThat(status("web-1").recentRestarts()).isEqualTo(1);
        IncidentReport incident = incidents.get(struck);
        assertThat(incident.cause()).isEqualTo(IncidentCause.EXITED);
        assertThat(incident.decision()).isEqualTo("restart 1 at once");
        assertThat(incident.drill()).isNotNull();
        assertThat(incident.drill().decidedBy()).isEqualTo("ann");
        assertThat(incident.reason())
                .startsWith("struck by a drill (kill, SIGKILL), which ann decided: signal 9");
    }

    @Test
    void hangIsFoundAndKilledLikeAnyOtherStoppedProcess() {
        aWebServes();
        StartId struck = status("web-1").startId();

        assertThat(drill(DrillFault.HANG)).isInstanceOf(StrikeOutcome.Struck.class);
        assertThat(state("web-1")).isEqualTo(UnitState.UP);
        time.advance(Duration.ofSeconds(3));

        assertThat(runtime.calls)
                .containsExactly("strike HANG web-1", "SIGKILL web-1", "start web-1");
        assertThat(asked).containsExactly("web-1 DRILL", "web-1 HUNG");
        assertThat(incidents.get(struck).cause()).isEqualTo(IncidentCause.STOPPED);
        assertThat(incidents.get(struck).drill()).isNotNull();
    }

    @Test
    void unitIsStruckUntilItsNextStartIsReady() {
        aWebServes();
        assertThat(status("web-1").struck()).isFalse();

        answering.clear();
        drill(DrillFault.KILL);
        time.advance(Duration.ofSeconds(1));

        assertThat(status("web-1").struck()).isTrue();
        ready("web-1");
        assertThat(status("web-1").struck()).isFalse();
    }

    @Test
    void laterFailureOfTheUnitIsNoDrill() {
        aWebServes();
        drill(DrillFault.KILL);
        time.advance(Duration.ofSeconds(1));
        ready("web-1");
        StartId next = status("web-1").startId();

        crash("web-1", CRASH);
        time.advance(Duration.ofSeconds(1));

        assertThat(incidents.get(next).drill()).isNull();
        assertThat(incidents.get(next).reason()).doesNotContain("drill");
    }

    @Test
    void supervisorThatTakesOverAStruckRunStillKnowsThatItWasADrill() {
        aWebServes();
        StartId struck = status("web-1").startId();
        drill(DrillFault.HANG);

        begin();
        time.advance(Duration.ofSeconds(5));

        assertThat(incidents.get(struck).cause()).isEqualTo(IncidentCause.STOPPED);
        assertThat(incidents.get(struck).drill()).isNotNull();
    }

    @Test
    void withoutTheRegistrysPermitNothingIsDone() {
        aWebServes();
        permit = new Permit(false, "'web-2' is being recovered", Duration.ofSeconds(1));

        assertThat(drill(DrillFault.KILL))
                .isEqualTo(new StrikeOutcome.Refused("'web-2' is being recovered"));
        nothingIsDone();
        assertThat(givenBack).isEmpty();
    }

    @Test
    void whereNoRegistryAnswersTheNodesOwnBrakePermitsNoDrill() {
        aWebServes();
        permit = null;

        assertThat(drill(DrillFault.KILL))
                .isEqualTo(new StrikeOutcome.Refused("no registry answers that could permit it"));
        nothingIsDone();
        // It may have been given, and its answer lost.
        assertThat(givenBack).containsExactly(status("web-1").startId());
    }

    @Test
    void anotherStartThanTheOneThatWasSeenIsLeftAlone() {
        aWebServes();
        StartId seen = StartId.random();

        assertThat(strike(seen, DrillFault.KILL))
                .isEqualTo(
                        new StrikeOutcome.Refused(
                                "start %s does not hold 'web-1' any more: start %s does"
                                        .formatted(seen, status("web-1").startId())));
        nothingIsDone();
        assertThat(asked).isEmpty();
    }

    @Test
    void unitThatHasEndedWhileTheRegistryWasAskedIsNotStruckAgain() {
        aWebServes();
        CompletableFuture<Permit> answer = new CompletableFuture<>();
        permitAnswer = answer;
        StartId seen = status("web-1").startId();
        CompletableFuture<StrikeOutcome> outcome =
                supervision.strike(new UnitId("web-1"), seen, DrillFault.KILL, "ann").orElseThrow();
        time.run();
        crash("web-1", CRASH);
        time.run();

        answer.complete(new Permit(true, "", null));
        time.run();

        assertThat(outcome)
                .isCompletedWithValue(
                        new StrikeOutcome.Refused("it changed while the registry was asked"));
        assertThat(runtime.calls).containsExactly("start web-1");
        assertThat(incidents.get(seen).drill()).isNull();
    }

    @Test
    void whoeverWasToldThatNothingIsDoneIsNotProvenWrongByALatePermit() {
        aWebServes();
        CompletableFuture<Permit> answer = new CompletableFuture<>();
        permitAnswer = answer;
        CompletableFuture<StrikeOutcome> outcome =
                supervision
                        .strike(
                                new UnitId("web-1"),
                                status("web-1").startId(),
                                DrillFault.KILL,
                                "ann")
                        .orElseThrow();
        time.run();
        outcome.complete(new StrikeOutcome.Refused("no answer in time"));

        answer.complete(new Permit(true, "", null));

        nothingIsDone();
        assertThat(givenBack).containsExactly(status("web-1").startId());
    }

    @Test
    void permitIsGivenBackWhenTheProcessCannotBeStruck() {
        aWebServes();
        runtime.of("web-1").unstrikable = true;

        assertThat(drill(DrillFault.HANG))
                .isEqualTo(
                        new StrikeOutcome.Refused("its process could not be struck: it has ended"));
        assertThat(givenBack).containsExactly(status("web-1").startId());
        assertThat(status("web-1").struck()).isFalse();
        nothingIsDone();
    }

    @Test
    void processThatSomebodyTellsToGoOnIsNoLongerStruckAndItsPermitIsGivenBack() {
        aWebServes();
        drill(DrillFault.HANG);
        runtime.of("web-1").stopped = false;
        time.advance(Duration.ofSeconds(14));
        assertThat(status("web-1").struck()).isTrue();

        time.advance(Duration.ofSeconds(1));

        assertThat(status("web-1").struck()).isFalse();
        assertThat(givenBack).containsExactly(status("web-1").startId());
        assertThat(runtime.calls).containsExactly("strike HANG web-1");
    }

    /** What an earlier drill waits for says nothing of the next one. */
    @Test
    void unitThatIsStruckAgainSoonIsStillStruckWhenTheWaitOfTheFirstDrillEnds() {
        aWebServes();
        drill(DrillFault.KILL);
        time.advance(Duration.ofMillis(14_800));
        assertThat(status("web-1").struck()).isFalse();

        assertThat(drill(DrillFault.HANG)).isInstanceOf(StrikeOutcome.Struck.class);
        time.advance(Duration.ofMillis(300));

        assertThat(state("web-1")).isEqualTo(UnitState.UP);
        assertThat(status("web-1").struck()).isTrue();
    }

    @Test
    void unitWhoseLastStartItWouldSpendIsLeftAlone() {
        declare("web", Beating.NODE, 1, policy(RestartType.PERMANENT, 2, 20));
        begin();
        ready("web-1");
        crash("web-1", CRASH);
        time.advance(Duration.ofSeconds(1));
        ready("web-1");
        runtime.calls.clear();

        assertThat(drill(DrillFault.KILL))
                .isEqualTo(
                        new StrikeOutcome.Refused(
                                "the next failure of its own would not be recovered: signal 9"
                                        + " (SIGKILL); 2 restarts within PT1M, the limit is 2"));
        nothingIsDone();
        time.advance(Duration.ofMinutes(1));
        assertThat(drill(DrillFault.KILL)).isInstanceOf(StrikeOutcome.Struck.class);
    }

    @Test
    void unitThatWouldStayDownIsLeftAlone() {
        declare("web", Beating.NODE, 1, policy(RestartType.TEMPORARY, 5, 20));
        begin();
        ready("web-1");
        runtime.calls.clear();

        assertThat(drill(DrillFault.KILL))
                .isEqualTo(
                        new StrikeOutcome.Refused(
                                "it would not be started again: signal 9 (SIGKILL); a temporary"
                                        + " unit is not restarted after it"));
        nothingIsDone();
    }

    @Test
    void unitOnTrialIsLeftAlone() {
        declare("web", Beating.NODE, 1, policy(RestartType.PERMANENT, 0, 20));
        begin();
        ready("web-1");
        crash("web-1", new Exit(1, null));
        time.advance(Duration.ofMinutes(15));
        ready("web-1");
        runtime.calls.clear();

        assertThat(drill(DrillFault.KILL))
                .isEqualTo(
                        new StrikeOutcome.Refused(
                                "it runs on trial after it was given up: one failure, and it is"
                                        + " given up again"));
        nothingIsDone();
    }

    private void aWebServes() {
        declare("web", Beating.NODE, 1);
        begin();
        ready("web-1");
        runtime.calls.clear();
    }

    private StrikeOutcome drill(DrillFault fault) {
        return strike(status("web-1").startId(), fault);
    }

    private StrikeOutcome strike(StartId start, DrillFault fault) {
        CompletableFuture<StrikeOutcome> outcome =
                supervision.strike(new UnitId("web-1"), start, fault, "ann").orElseThrow();
        time.run();
        return outcome.getNow(new StrikeOutcome.Refused("not decided yet"));
    }

    private void nothingIsDone() {
        time.advance(Duration.ofSeconds(10));
        assertThat(runtime.calls).isEmpty();
        assertThat(state("web-1")).isEqualTo(UnitState.UP);
    }

    private static UnitPolicy policy(RestartType type, int intensity, int longIntensity) {
        RestartPolicy ordinary = RestartPolicy.ORDINARY;
        return new UnitPolicy(
                new RestartPolicy(
                        type,
                        intensity,
                        ordinary.period(),
                        longIntensity,
                        ordinary.longPeriod(),
                        ordinary.firstDelay(),
                        ordinary.maxDelay(),
                        ordinary.resetAfter(),
                        Set.of()),
                UnitPolicy.ORDINARY.strategy(),
                null,
                null,
                null,
                Duration.ofMinutes(15),
                false);
    }
}
