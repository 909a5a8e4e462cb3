package dev.lepton.supervisor.supervision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.lepton.client.unit.StartId;
import dev.lepton.client.unit.UnitId;
import dev.lepton.client.unit.UnitState;
import dev.lepton.supervisor.declaration.Beating;
import dev.lepton.supervisor.declaration.LivenessProbe;
import dev.lepton.supervisor.declaration.Probe;
import dev.lepton.supervisor.journal.UnitRecord;
import dev.lepton.supervisor.runtime.Exit;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class SupervisionTests extends SupervisionScene {

    @Test
    void theStartIdIsOnDiskBeforeTheProcessIsStarted() {
        declare("web", Beating.NODE, 1);
        List<StartId> onDisk = new ArrayList<>();
        runtime.beforeStart =
                spec -> {
                    UnitRecord entry = journal.read(new UnitId("web-1"));
                    onDisk.add(entry.startId());
                    assertThat(entry.process()).isNull();
                };

        begin();

        assertThat(onDisk).containsExactly(runtime.of("web-1").startId());
        assertThat(journal.read(new UnitId("web-1")).process())
                .isEqualTo(runtime.of("web-1").mark());
    }

    @Test
    void aUnitStartsOnceAUnitOfEachDependencyIsReady() {
        declare("base", Beating.NONE, 1);
        declare("web", Beating.NODE, 1, "base");
        begin();
        time.advance(Duration.ofSeconds(10));
        assertThat(runtime.calls).containsExactly("start base");
        assertThat(reason("web-1")).isEqualTo("waits for base");

        answers("base");
        time.advance(Duration.ofMillis(200));

        assertThat(runtime.calls).containsExactly("start base", "start web-1");
        assertThat(state("base")).isEqualTo(UnitState.UP);
        assertThat(state("web-1")).isEqualTo(UnitState.STARTING);
    }

    @Test
    void noMoreThanTwoUnitsAreStartingAtOnce() {
        declare("web", Beating.NODE, 4);
        begin();
        assertThat(runtime.calls).containsExactly("start web-1", "start web-2");

        answers("web-2");
        time.advance(Duration.ofMillis(200));

        assertThat(runtime.calls).containsExactly("start web-1", "start web-2", "start web-3");
    }

    @Test
    void aCrashIsReportedWithItsStartIdAndRestartedAtOnce() {
        declare("web", Beating.NODE, 1);
        begin();
        ready("web-1");
        StartId first = runtime.of("web-1").startId();

        crash("web-1", new Exit(null, 9));
        time.run();

        assertThat(events)
                .containsExactly("exit web-1 " + first + " signal 9 (SIGKILL) unexpected");
        assertThat(runtime.of("web-1").startId()).isNotEqualTo(first);
        assertThat(state("web-1")).isEqualTo(UnitState.RECOVERING);
        assertThat(status("web-1").restarts()).isEqualTo(1);
    }

    @Test
    void aUnitKeepsItsPortAcrossItsRestarts() {
        declare("web", Beating.NODE, 1);
        begin();
        Integer port = status("web-1").port();

        crash("web-1", CRASH);
        time.run();

        assertThat(status("web-1").port()).isEqualTo(port);
    }

    @Test
    void theCrashOfADependencyDoesNotStopItsDependants() {
        declare("base", Beating.NONE, 1);
        declare("web", Beating.NODE, 1, "base");
        begin();
        ready("base");
        ready("web-1");

        crash("base", CRASH);
        time.advance(Duration.ofSeconds(1));
        crash("web-1", CRASH);
        time.advance(Duration.ofSeconds(1));

        assertThat(runtime.calls)
                .containsExactly("start base", "start web-1", "start base", "start web-1");
    }

    @Test
    void aCrashLoopSpendsTheBudgetAndIsQuarantined() {
        declare("web", Beating.NODE, 1);
        begin();

        for (int i = 0; i < 6; i++) {
            crash("web-1", CRASH);
            time.advance(Duration.ofSeconds(9));
        }

        assertThat(state("web-1")).isEqualTo(UnitState.QUARANTINED);
        assertThat(reason("web-1"))
                .isEqualTo("exit code 1; 5 restarts within PT1M, the limit is 5");
        assertThat(runtime.calls).hasSize(6);
        time.advance(Duration.ofMinutes(14));
        assertThat(runtime.calls).hasSize(6);
    }

    @Test
    void aQuarantinedUnitStaysSoForTheNextSupervisorUntilAnOperatorStartsIt() {
        aCrashLoopSpendsTheBudgetAndIsQuarantined();

        begin();
        assertThat(state("web-1")).isEqualTo(UnitState.QUARANTINED);
        supervision.start(new UnitId("web-1"), "an operator");
        time.run();

        assertThat(state("web-1")).isEqualTo(UnitState.STARTING);
        assertThat(status("web-1").recentRestarts()).isZero();
    }

    @Test
    void anExitCodeThatMeansABadConfigurationIsNotRetried() {
        declare("web", Beating.NODE, 1);
        begin();

        runtime.of("web-1").ends(new Exit(78, null));
        time.advance(Duration.ofHours(1));

        assertThat(state("web-1")).isEqualTo(UnitState.QUARANTINED);
        assertThat(reason("web-1")).isEqualTo("exit code 78 is not retried");
        assertThat(runtime.calls).containsExactly("start web-1");
    }

    @Test
    void aUnitThatIsNotReadyByItsDeadlineIsEndedAndRestarted() {
        declare("web", Beating.NODE, 1);
        begin();

        time.advance(Duration.ofSeconds(60));

        assertThat(runtime.calls).containsExactly("start web-1", "SIGTERM web-1", "start web-1");
        assertThat(events)
                .singleElement()
                .asString()
                .contains("not ready within 60.0 s")
                .endsWith("unexpected");
    }

    @Test
    void aUnitThatAnswersAtItsDeadlineIsKept() {
        declare("web", Beating.NODE, 1);
        begin();
        time.advance(Duration.ofSeconds(60).minusNanos(1));

        answers("web-1");
        time.advance(Duration.ofNanos(1));

        assertThat(state("web-1")).isEqualTo(UnitState.UP);
        assertThat(runtime.calls).containsExactly("start web-1");
        assertThat(probes).last().isEqualTo("web-1 good");
        probes.clear();
        time.advance(Duration.ofSeconds(3));
        assertThat(probes).containsExactly("web-1 good", "web-1 good", "web-1 good");
    }

    @Test
    void anAnswerThatTheDeadlineOvertakesDoesNotBeginASecondSeriesOfProbes() {
        declare("web", Beating.NODE, 1);
        begin();
        time.advance(Duration.ofSeconds(59).plusMillis(700));
        CompletableFuture<Prober.Outcome> slow = new CompletableFuture<>();
        slowAnswer = slow;
        time.advance(Duration.ofMillis(299));
        answers("web-1");
        time.advance(Duration.ofMillis(1));
        probes.clear();

        slow.complete(Prober.Outcome.unanswered("asked"));
        time.advance(Duration.ofSeconds(3));

        assertThat(state("web-1")).isEqualTo(UnitState.UP);
        assertThat(probes).containsExactly("web-1 good", "web-1 good", "web-1 good");
    }

    @Test
    void oneProbeASecondTellsOfAUnitThatTheNodeBeatsForBothWhetherItLivesAndIsReady() {
        declare("web", Beating.NODE, 1);
        begin();
        ready("web-1");
        time.advance(Duration.ofMillis(1));
        questions = 0;
        probes.clear();

        time.advance(Duration.ofSeconds(10));

        assertThat(questions).isEqualTo(10);
        assertThat(probes).hasSize(10).containsOnly("web-1 good");
        answering.clear();
        time.advance(Duration.ofSeconds(10));
        assertThat(probes).hasSize(20).last().isEqualTo("web-1 bad");
        assertThat(state("web-1")).isEqualTo(UnitState.UP);
    }

    @Test
    void aUnitThatIsNotAskedForSignsOfLifeIsStillAskedWhetherItIsReady() {
        liveness = LivenessProbe.of(Probe.NONE);
        declare("web", Beating.NODE, 1);
        begin();
        ready("web-1");
        time.advance(Duration.ofMillis(1));
        probes.clear();

        time.advance(Duration.ofSeconds(10));

        assertThat(probes).hasSize(10).containsOnly("web-1 good");
    }

    @Test
    void unitsStopInTheReverseOrderOfTheirDependenciesDrainFirst() {
        declare("base", Beating.NONE, 1);
        declare("middle", Beating.NONE, 1, "base");
        declare("web", Beating.SELF, 2, "middle");
        begin();
        List.of("base", "middle", "web-1", "web-2").forEach(this::ready);
        runtime.calls.clear();
        runtime.obedient = false;

        CompletableFuture<Void> stopped = supervision.stopAll("test");
        time.run();
        assertThat(events).containsExactly("drain web-1", "drain web-2");
        assertThat(runtime.calls).containsExactly("SIGTERM web-1", "SIGTERM web-2");

        runtime.of("web-1").ends(new Exit(0, null));
        time.run();
        assertThat(runtime.calls).hasSize(2);
        runtime.of("web-2").ends(new Exit(0, null));
        time.run();
        assertThat(runtime.calls).last().isEqualTo("SIGTERM middle");
        runtime.of("middle").ends(new Exit(0, null));
        time.run();
        assertThat(runtime.calls).last().isEqualTo("SIGTERM base");
        assertThat(stopped).isNotDone();
        runtime.of("base").ends(new Exit(0, null));
        time.run();
        assertThat(stopped).isCompleted();
        assertThat(events)
                .filteredOn(event -> event.startsWith("exit"))
                .hasSize(4)
                .allMatch(event -> event.endsWith(" expected"));
    }

    @Test
    void aUnitThatIgnoresSigtermIsKilledAtItsDeadlineAndNotBefore() {
        declare("web", Beating.SELF, 1);
        begin();
        ready("web-1");
        runtime.calls.clear();
        runtime.obedient = false;

        supervision.stopAll("test");
        time.advance(Duration.ofSeconds(20).minusNanos(1));
        assertThat(runtime.calls).containsExactly("SIGTERM web-1");

        time.advance(Duration.ofNanos(1));
        assertThat(runtime.calls).containsExactly("SIGTERM web-1", "SIGKILL web-1");
    }

    @Test
    void aUnitWhoseSignalFailsIsKilledAtItsDeadlineAllTheSame() {
        declare("web", Beating.SELF, 1);
        begin();
        ready("web-1");
        runtime.calls.clear();
        runtime.signalsFail = true;

        supervision.stop(new UnitId("web-1"), "an operator");
        assertThatIllegalStateException().isThrownBy(time::run);
        time.advance(Duration.ofSeconds(20));

        assertThat(runtime.calls).containsExactly("SIGTERM web-1", "SIGKILL web-1");
        assertThat(state("web-1")).isEqualTo(UnitState.STOPPED);
    }

    @Test
    void whatIsLeftOfARunIsLookedForAgainWhenItCannotBeSeen() {
        declare("web", Beating.NODE, 1);
        begin();
        ready("web-1");
        runtime.blindLooks = 1;

        crash("web-1", CRASH);
        time.run();
        assertThat(runtime.calls).containsExactly("start web-1", "SIGKILL web-1");
        time.advance(Duration.ofMillis(20));

        assertThat(runtime.calls).endsWith("SIGKILL web-1", "start web-1");
    }

    @Test
    void aProgramWithoutTheStarterGetsTimeToRunOutOfRequestsAfterItsDrain() {
        declare("web", Beating.NODE, 1);
        begin();
        ready("web-1");
        runtime.calls.clear();

        supervision.stop(new UnitId("web-1"), "an operator");
        time.advance(Duration.ofMillis(499));
        assertThat(runtime.calls).isEmpty();
        time.advance(Duration.ofMillis(1));

        assertThat(runtime.calls).containsExactly("SIGTERM web-1");
    }

    @Test
    void aDrainThatNobodyTookDoesNotHoldTheStopUp() {
        declare("web", Beating.NODE, 1);
        drainAnswer = CompletableFuture.failedFuture(new IllegalStateException("no registry"));
        begin();
        ready("web-1");

        supervision.stop(new UnitId("web-1"), "an operator");
        time.run();

        assertThat(runtime.calls).endsWith("SIGTERM web-1");
    }

    @Test
    void aStoppedUnitStaysStoppedForTheNextSupervisor() {
        declare("web", Beating.NODE, 1);
        begin();
        ready("web-1");
        supervision.stop(new UnitId("web-1"), "an operator");
        time.advance(Duration.ofSeconds(1));
        assertThat(state("web-1")).isEqualTo(UnitState.STOPPED);

        begin();

        assertThat(state("web-1")).isEqualTo(UnitState.STOPPED);
        assertThat(reason("web-1")).isEqualTo("an operator");
        assertThat(supervision.ready()).isTrue();
    }

    @Test
    void afterAnOrderedStopOfAllTheNextSupervisorStartsEverything() {
        aStoppedUnitStaysStoppedForTheNextSupervisor();
        supervision.stopAll("test");
        time.run();
        runtime.calls.clear();

        begin();

        assertThat(runtime.calls).containsExactly("start web-1");
    }

    @Test
    void aRestartByAnOperatorDoesNotCountAsAFailure() {
        declare("web", Beating.SELF, 1);
        begin();
        ready("web-1");

        supervision.restart(new UnitId("web-1"), "an operator");
        time.run();

        assertThat(runtime.calls).containsExactly("start web-1", "SIGTERM web-1", "start web-1");
        assertThat(status("web-1").restarts()).isZero();
        assertThat(events).element(1).asString().endsWith(" expected");
    }

    @Test
    void aStopThatFollowsARestartAtOnceHasTheLastWord() {
        declare("web", Beating.NODE, 1);
        begin();
        ready("web-1");
        supervision.stop(new UnitId("web-1"), "an operator");
        time.advance(Duration.ofSeconds(30));
        runtime.calls.clear();

        supervision.restart(new UnitId("web-1"), "an operator");
        supervision.stop(new UnitId("web-1"), "an operator");
        time.advance(Duration.ofSeconds(30));

        assertThat(state("web-1")).isEqualTo(UnitState.STOPPED);
    }

    @Test
    void aRestartThatWasAskedForDuringTheStartIsFinishedByTheNextSupervisor() {
        declare("web", Beating.SELF, 1);
        begin();
        drainAnswer = new CompletableFuture<>();
        supervision.restart(new UnitId("web-1"), "an operator");
        time.run();
        assertThat(runtime.calls).containsExactly("start web-1");
        drainAnswer = CompletableFuture.completedFuture(true);

        begin();

        assertThat(runtime.calls).containsExactly("start web-1", "SIGTERM web-1", "start web-1");
    }

    @Test
    void aUnitThatWasDrainedWhenItsSupervisorWasKilledIsNotLeftSo() {
        declare("web", Beating.SELF, 1);
        begin();
        ready("web-1");
        drainAnswer = new CompletableFuture<>();
        supervision.stopAll("test");
        time.run();
        drainAnswer = CompletableFuture.completedFuture(true);

        begin();

        assertThat(runtime.calls).containsExactly("start web-1", "SIGTERM web-1", "start web-1");
    }

    @Test
    void aNewSupervisorTakesOverWhatRunsAndStartsOnlyTheRest() {
        declare("base", Beating.NONE, 1);
        declare("web", Beating.NODE, 2, "base");
        begin();
        List.of("base", "web-1", "web-2").forEach(this::ready);
        FakeRuntime.FakeRun kept = runtime.of("web-1");
        StartId lost = runtime.of("web-2").startId();
        runtime.runs.remove(lost);
        runtime.calls.clear();
        events.clear();

        begin();

        assertThat(status("web-1").startId()).isEqualTo(kept.startId());
        assertThat(state("web-1")).isEqualTo(UnitState.UP);
        assertThat(runtime.calls).containsExactly("sweep", "start web-2");
        assertThat(events).contains("exit web-2 " + lost + " unknown exit code unexpected");
    }

    @Test
    void aUnitIsNotStartedBeforeItIsKnownWhetherItRuns() {
        declare("web", Beating.NODE, 1);
        begin();
        ready("web-1");
        StartId kept = runtime.of("web-1").startId();
        runtime.blindLooks = 1;

        begin();
        assertThat(status("web-1").startId()).isNull();
        time.advance(Duration.ofSeconds(1));

        assertThat(status("web-1").startId()).isEqualTo(kept);
        assertThat(runtime.calls).containsExactly("start web-1");
    }

    @Test
    void whatIsNoLongerDeclaredIsEnded() {
        declare("old", Beating.NODE, 1);
        begin();
        services.clear();
        declare("web", Beating.NODE, 1);

        begin();
        time.run();

        assertThat(runtime.calls)
                .containsExactly("start old-1", "SIGTERM old-1", "SIGKILL old-1", "start web-1");
        assertThat(journal.readAll())
                .extracting(UnitRecord::unitId)
                .containsExactly(new UnitId("web-1"));
    }

    @Test
    void aStopOfAllWaitsForWhatIsNoLongerDeclared() {
        declare("old", Beating.NODE, 1);
        begin();
        services.clear();
        declare("web", Beating.NODE, 1);
        runtime.obedient = false;
        begin();
        FakeRuntime.FakeRun old = runtime.of("old-1");
        runtime.obedient = true;

        CompletableFuture<Void> stopped = supervision.stopAll("test");
        time.advance(Duration.ofSeconds(1));
        assertThat(runtime.calls).endsWith("SIGTERM web-1");
        assertThat(stopped).isNotDone();
        old.ends(new Exit(0, null));
        time.run();

        assertThat(stopped).isCompleted();
    }

    @Test
    void whatAProcessThatIsNoLongerDeclaredHasLeftBehindIsSwept() {
        declare("old", Beating.NODE, 1);
        begin();
        runtime.runs.clear();
        services.clear();
        declare("web", Beating.NODE, 1);
        runtime.calls.clear();

        begin();

        assertThat(runtime.calls).containsExactly("sweep", "start web-1");
    }

    @Test
    void aStopOfAllReachesUnitsThatWaitOrBackOff() {
        declare("base", Beating.NONE, 1);
        declare("web", Beating.NODE, 1, "base");
        begin();
        crash("base", CRASH);
        time.run();
        crash("base", CRASH);
        time.run();
        assertThat(state("base")).isEqualTo(UnitState.DOWN);

        CompletableFuture<Void> stopped = supervision.stopAll("test");
        time.run();

        assertThat(stopped).isCompleted();
        time.advance(Duration.ofHours(1));
        assertThat(runtime.calls).containsExactly("start base", "start base");
    }

    @Test
    void oneThatWaitedForItsPlaceWhileItsRuntimeWentAwayIsNotStarted() {
        declare("web", Beating.NODE, 3);
        begin();
        assertThat(runtime.calls).hasSize(2);

        runtime.obstacle = "the engine is away";
        crash("web-1", CRASH);
        time.run();

        assertThat(runtime.calls).hasSize(2);
        assertThat(reason("web-3")).isEqualTo("waits: the engine is away");
    }

    @Test
    void aStopThatWasBegunIsFinishedByTheNextSupervisor() {
        declare("web", Beating.NODE, 1);
        begin();
        ready("web-1");
        runtime.obedient = false;
        supervision.stop(new UnitId("web-1"), "by hand");
        time.advance(Duration.ofSeconds(1));

        begin();
        time.advance(Duration.ofSeconds(1));
        runtime.of("web-1").ends(new Exit(null, 15));
        time.advance(Duration.ofMinutes(1));

        assertThat(state("web-1")).isEqualTo(UnitState.STOPPED);
        assertThat(runtime.calls).containsExactly("start web-1", "SIGTERM web-1", "SIGTERM web-1");
    }

    @Test
    void aProgramThatCannotBeStartedIsAFailedStart() {
        declare("web", Beating.NODE, 1);
        runtime.beforeStart =
                _ -> {
                    throw new UncheckedIOException(new IOException("no such folder"));
                };

        begin();
        time.advance(Duration.ofMinutes(1));

        assertThat(state("web-1")).isEqualTo(UnitState.QUARANTINED);
        assertThat(reason("web-1")).contains("it cannot be started").contains("no such folder");
    }
}
