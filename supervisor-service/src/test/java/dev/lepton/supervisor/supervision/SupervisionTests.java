package dev.lepton.supervisor.supervision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.lepton.client.desired.Desired;
import dev.lepton.client.desired.DesiredRun;
import dev.lepton.client.heartbeat.SelfCheck;
import dev.lepton.client.incident.IncidentCause;
import dev.lepton.client.incident.IncidentReport;
import dev.lepton.client.policy.RecoveryPolicy;
import dev.lepton.client.policy.RestartStrategy;
import dev.lepton.client.policy.RestartType;
import dev.lepton.client.policy.StoredPolicy;
import dev.lepton.client.recovery.KillCause;
import dev.lepton.client.recovery.Permit;
import dev.lepton.client.recovery.RecoveryStep;
import dev.lepton.client.unit.NodeName;
import dev.lepton.client.unit.ServiceName;
import dev.lepton.client.unit.StartId;
import dev.lepton.client.unit.UnitId;
import dev.lepton.client.unit.UnitState;
import dev.lepton.supervisor.declaration.Beating;
import dev.lepton.supervisor.declaration.Declaration;
import dev.lepton.supervisor.declaration.LivenessProbe;
import dev.lepton.supervisor.declaration.PortChoice;
import dev.lepton.supervisor.declaration.Probe;
import dev.lepton.supervisor.declaration.ServiceDeclaration;
import dev.lepton.supervisor.home.LeptonHome;
import dev.lepton.supervisor.journal.Journal;
import dev.lepton.supervisor.journal.UnitRecord;
import dev.lepton.supervisor.recovery.RestartPolicy;
import dev.lepton.supervisor.recovery.ServicePolicies;
import dev.lepton.supervisor.recovery.UnitPolicy;
import dev.lepton.supervisor.runtime.Exit;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SupervisionTests {

    private static final Exit CRASH = new Exit(1, null);

    @TempDir Path folder;

    private final VirtualLoops time = new VirtualLoops();
    private final FakeRuntime runtime = new FakeRuntime();
    private final Set<Integer> answering = new HashSet<>();
    private final List<String> events = new ArrayList<>();
    private final List<String> probes = new ArrayList<>();
    private final Map<ServiceName, ServiceDeclaration> services = new LinkedHashMap<>();
    private CompletableFuture<Boolean> drainAnswer = CompletableFuture.completedFuture(true);

    /** What the next probe is answered with. */
    private @Nullable CompletableFuture<Prober.Outcome> slowAnswer;

    private final Set<Integer> hanging = new HashSet<>();
    private final List<String> steps = new ArrayList<>();
    private final List<String> asked = new ArrayList<>();
    private final Map<StartId, IncidentReport> incidents = new LinkedHashMap<>();
    private LifeSigns.SelfReport selfReport = LifeSigns.SelfReport.NONE;

    /** What the registry answers; null when none does. */
    private @Nullable Permit permit = new Permit(true, "", null);

    private ServicePolicies policies;
    private LeptonHome home;
    private Journal journal;
    private Supervision supervision;

    @BeforeEach
    void makeTheHome() throws IOException {
        home = new LeptonHome(folder).create();
        journal = new Journal(home.journal());
    }

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

        slow.complete(new Prober.Outcome(false, "asked"));
        time.advance(Duration.ofSeconds(3));

        assertThat(state("web-1")).isEqualTo(UnitState.UP);
        assertThat(probes).containsExactly("web-1 good", "web-1 good", "web-1 good");
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

    @Test
    void aUnitThatAnswersNothingIsTakenOutOfRoutingAndKilledWithoutGraceAndRestarted() {
        declare("web", Beating.NODE, 1);
        begin();
        ready("web-1");
        runtime.calls.clear();

        hangs("web-1");
        time.advance(Duration.ofSeconds(5));

        assertThat(events).first().isEqualTo("hung web-1");
        assertThat(runtime.calls).startsWith("SIGKILL web-1", "start web-1");
        assertThat(asked).containsExactly("web-1 HUNG");
        assertThat(status("web-1").restarts()).isEqualTo(1);
        IncidentReport incident = onlyIncident();
        assertThat(incident.cause()).isEqualTo(IncidentCause.HUNG);
        assertThat(incident.reason()).contains("3 probes in a row were not answered");
        assertThat(incident.signal()).isEqualTo(9);
        assertThat(incident.decision()).isEqualTo("restart 1 at once");
        assertThat(incident.lastWellAt()).isBefore(incident.detectedAt());
        assertThat(incident.nextStartId()).isEqualTo(runtime.of("web-1").startId());
        assertThat(incident.blackBox().probes()).last().matches(probe -> !probe.good());
        assertThat(incident.servedAt()).isNull();

        hanging.clear();
        ready("web-1");

        assertThat(onlyIncident().servedAt()).isEqualTo(time.instant());
    }

    @Test
    void aUnitThatCompletesRequestsIsNeverTakenForHung() {
        declare("web", Beating.SELF, 1, true);
        begin();
        ready("web-1");

        hangs("web-1");
        for (long completed = 1; completed < 60; completed++) {
            selfReport = new LifeSigns.SelfReport(completed, SelfCheck.LATE);
            time.advance(Duration.ofSeconds(1));
        }

        assertThat(state("web-1")).isEqualTo(UnitState.UP);
        assertThat(runtime.calls).containsExactly("start web-1");
    }

    @Test
    void aStoppedProcessIsKilledAfterTwoLooksAndTheKernelsWordIsKept() {
        declare("web", Beating.NODE, 1);
        begin();
        ready("web-1");
        runtime.calls.clear();

        runtime.of("web-1").stopped = true;
        time.advance(Duration.ofSeconds(1));
        assertThat(runtime.calls).isEmpty();
        time.advance(Duration.ofSeconds(1));

        assertThat(runtime.calls).containsExactly("SIGKILL web-1", "start web-1");
        assertThat(onlyIncident().cause()).isEqualTo(IncidentCause.STOPPED);
        assertThat(onlyIncident().blackBox().threads()).isEqualTo("State: T (stopped)");
    }

    @Test
    void aProcessThatGoesOnBeforeItsPermitComesIsLeftAlone() {
        permit = new Permit(false, "web-2 is being recovered", Duration.ofSeconds(1));
        declare("web", Beating.NODE, 1);
        begin();
        ready("web-1");
        runtime.calls.clear();

        runtime.of("web-1").stopped = true;
        time.advance(Duration.ofSeconds(5));
        assertThat(state("web-1")).isEqualTo(UnitState.DOWN);
        assertThat(reason("web-1"))
                .isEqualTo(
                        "the process is stopped, as by SIGSTOP; not ended yet: web-2 is being recovered");
        runtime.of("web-1").stopped = false;
        time.advance(Duration.ofSeconds(5));

        assertThat(state("web-1")).isEqualTo(UnitState.UP);
        assertThat(runtime.calls).isEmpty();
        int questions = asked.size();
        time.advance(Duration.ofMinutes(1));
        assertThat(asked).hasSize(questions);
    }

    @Test
    void withoutARegistryAtMostHalfOfTheUnitsAreKilledAtOnce() {
        permit = null;
        declare("web", Beating.NODE, 3);
        begin();
        List.of("web-1", "web-2", "web-3").forEach(this::ready);
        runtime.calls.clear();

        answering.clear();
        List.of("web-1", "web-2", "web-3").forEach(unit -> runtime.of(unit).stopped = true);
        time.advance(Duration.ofSeconds(20));
        assertThat(runtime.calls).hasSize(2).startsWith("SIGKILL web-1", "start web-1");
        ready("web-1");
        time.advance(Duration.ofSeconds(1));

        assertThat(runtime.calls).hasSize(4).endsWith("SIGKILL web-2", "start web-2");
    }

    @Test
    void aSupervisorThatWasHeldUpTakesNothingOfThatTimeForAHang() {
        declare("web", Beating.NODE, 1);
        begin();
        ready("web-1");
        runtime.calls.clear();

        hangs("web-1");
        for (int i = 0; i < 10; i++) {
            time.advance(Duration.ofSeconds(1));
            time.stall(Duration.ofSeconds(2));
        }

        assertThat(runtime.calls).isEmpty();
        time.advance(Duration.ofSeconds(5));
        assertThat(runtime.calls).startsWith("SIGKILL web-1");
    }

    @Test
    void aHangThatTheRegistryHasProvenIsEndedAndAnOlderStartIsNot() {
        declare("web", Beating.NODE, 1);
        begin();
        ready("web-1");
        runtime.calls.clear();
        StartId start = runtime.of("web-1").startId();

        supervision.hangs(new UnitId("web-1"), StartId.random(), "an older one");
        time.run();
        assertThat(runtime.calls).isEmpty();
        supervision.hangs(new UnitId("web-1"), start, "self-check unanswered");
        time.run();

        assertThat(runtime.calls).containsExactly("SIGKILL web-1", "start web-1");
        assertThat(incidents.get(start).reason()).startsWith("self-check unanswered; signal 9");
    }

    @Test
    void oneForAllStopsTheOthersInReverseAndStartsAllInTheirOrder() {
        declare("web", Beating.SELF, 3, strategy(RestartStrategy.ONE_FOR_ALL));
        begin();
        List.of("web-1", "web-2", "web-3").forEach(this::ready);
        runtime.calls.clear();

        answering.clear();
        crash("web-2", CRASH);
        time.run();
        assertThat(runtime.calls).containsExactly("SIGTERM web-3", "SIGTERM web-1", "start web-1");
        ready("web-1");
        ready("web-2");
        ready("web-3");

        assertThat(runtime.calls)
                .containsExactly(
                        "SIGTERM web-3",
                        "SIGTERM web-1",
                        "start web-1",
                        "start web-2",
                        "start web-3");
        assertThat(status("web-1").restarts()).isZero();
        assertThat(status("web-2").restarts()).isEqualTo(1);
    }

    @Test
    void restForOneLeavesThoseBeforeItAlone() {
        declare("web", Beating.SELF, 3, strategy(RestartStrategy.REST_FOR_ONE));
        begin();
        List.of("web-1", "web-2", "web-3").forEach(this::ready);
        runtime.calls.clear();

        crash("web-2", CRASH);
        time.run();
        ready("web-2");
        ready("web-3");

        assertThat(runtime.calls).containsExactly("SIGTERM web-3", "start web-2", "start web-3");
        assertThat(state("web-1")).isEqualTo(UnitState.UP);
    }

    @Test
    void aMemberThatFailsWhileAllAreStartedAgainBeginsItAnew() {
        declare("web", Beating.SELF, 2, strategy(RestartStrategy.ONE_FOR_ALL));
        begin();
        List.of("web-1", "web-2").forEach(this::ready);
        crash("web-1", CRASH);
        time.run();
        ready("web-1");
        runtime.calls.clear();

        crash("web-2", CRASH);
        time.advance(Duration.ofSeconds(1));
        ready("web-1");
        ready("web-2");

        assertThat(runtime.calls).containsExactly("SIGTERM web-1", "start web-1", "start web-2");
    }

    @Test
    void aMemberThatAnOperatorHasStoppedStaysStopped() {
        declare("web", Beating.SELF, 2, strategy(RestartStrategy.ONE_FOR_ALL));
        begin();
        List.of("web-1", "web-2").forEach(this::ready);
        supervision.stop(new UnitId("web-2"), "an operator");
        time.run();
        runtime.calls.clear();

        crash("web-1", CRASH);
        time.run();

        assertThat(runtime.calls).containsExactly("start web-1");
        assertThat(state("web-2")).isEqualTo(UnitState.STOPPED);
    }

    @Test
    void aUnitThatWasGivenUpIsStartedOnTrialEachQuarterOfAnHour() {
        crashLoop();
        assertThat(steps).last().isEqualTo("web-1 GAVE_UP");
        runtime.calls.clear();

        time.advance(Duration.ofMinutes(15));
        assertThat(runtime.calls).containsExactly("start web-1");
        assertThat(steps).last().isEqualTo("web-1 PROBATION");
        crash("web-1", CRASH);
        time.advance(Duration.ofMinutes(14));
        assertThat(state("web-1")).isEqualTo(UnitState.QUARANTINED);
        assertThat(reason("web-1")).isEqualTo("exit code 1; it was on trial");
        time.advance(Duration.ofMinutes(1));
        assertThat(runtime.calls).hasSize(2);
        ready("web-1");

        assertThat(state("web-1")).isEqualTo(UnitState.UP);
    }

    @Test
    void theTrialOfAQuarantinedUnitOutlivesItsSupervisor() {
        crashLoop();
        time.advance(Duration.ofMinutes(5));

        begin();
        runtime.calls.clear();
        time.advance(Duration.ofMinutes(9));
        assertThat(runtime.calls).isEmpty();
        time.advance(Duration.ofMinutes(1));

        assertThat(runtime.calls).containsExactly("start web-1");
    }

    @Test
    void aDesiredRowIsFollowedOnce() {
        declare("web", Beating.NODE, 1);
        begin();
        ready("web-1");
        runtime.calls.clear();

        follow(desired(DesiredRun.STOP, 0, 1));
        follow(desired(DesiredRun.STOP, 0, 1));
        assertThat(state("web-1")).isEqualTo(UnitState.STOPPED);
        assertThat(status("web-1").observedGeneration()).isEqualTo(1);
        supervision.start(new UnitId("web-1"), "an operator here");
        time.run();
        follow(desired(DesiredRun.STOP, 0, 1));
        assertThat(state("web-1")).isEqualTo(UnitState.UP);

        follow(desired(DesiredRun.STOP, 0, 2));

        assertThat(state("web-1")).isEqualTo(UnitState.STOPPED);
    }

    @Test
    void aGrownRestartGenerationRestartsTheUnitOnceByPermit() {
        declare("web", Beating.NODE, 1);
        begin();
        ready("web-1");
        runtime.calls.clear();

        follow(desired(DesiredRun.RUN, 1, 1));
        time.advance(Duration.ofSeconds(1));
        ready("web-1");
        follow(desired(DesiredRun.RUN, 1, 2));
        time.advance(Duration.ofSeconds(1));

        assertThat(runtime.calls).containsExactly("SIGTERM web-1", "start web-1");
        assertThat(asked).containsExactly("web-1 OPERATOR");
    }

    @Test
    void aRestartThatWasBegunIsFinishedByTheNextSupervisor() {
        permit = new Permit(false, "others", Duration.ofHours(1));
        declare("web", Beating.NODE, 1);
        begin();
        ready("web-1");
        follow(desired(DesiredRun.RUN, 1, 1));
        permit = new Permit(true, "", null);
        runtime.calls.clear();

        begin();
        time.advance(Duration.ofSeconds(1));

        assertThat(runtime.calls).containsExactly("SIGTERM web-1", "start web-1");
    }

    @Test
    void aUnitThatIsAssignedToAnotherNodeIsStoppedHere() {
        declare("web", Beating.NODE, 1);
        begin();
        ready("web-1");

        follow(
                new Desired(
                        new UnitId("web-1"),
                        new ServiceName("web"),
                        new NodeName("elsewhere"),
                        DesiredRun.RUN,
                        Map.of(),
                        0,
                        1,
                        "moved",
                        Instant.EPOCH));

        assertThat(state("web-1")).isEqualTo(UnitState.STOPPED);
        assertThat(reason("web-1")).isEqualTo("assigned to node elsewhere");
    }

    @Test
    void aPolicyOfTheRegistryHoldsFromThenOn() {
        declare("web", Beating.NODE, 1);
        begin();
        ready("web-1");

        policies.changedTo(
                List.of(
                        new StoredPolicy(
                                new ServiceName("web"),
                                1,
                                new RecoveryPolicy(
                                        RestartType.TEMPORARY,
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
                                        null,
                                        null,
                                        null,
                                        null),
                                null,
                                null,
                                Instant.EPOCH)));
        crash("web-1", CRASH);
        time.run();

        assertThat(state("web-1")).isEqualTo(UnitState.STOPPED);
    }

    @Test
    void aPortThatIsTakenIsSaidInTheIncident() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            declare("web", Beating.NODE, 1, PortChoice.fixed(taken.getLocalPort()));

            begin();

            IncidentReport first = incidents.values().iterator().next();
            assertThat(first.cause()).isEqualTo(IncidentCause.START_FAILED);
            assertThat(first.reason())
                    .isEqualTo(
                            "it cannot be started: port %d is taken by another process"
                                    .formatted(taken.getLocalPort()));
        }
    }

    private void crashLoop() {
        declare("web", Beating.NODE, 1);
        begin();
        for (int i = 0; i < 6; i++) {
            crash("web-1", CRASH);
            time.advance(Duration.ofSeconds(9));
        }
        assertThat(state("web-1")).isEqualTo(UnitState.QUARANTINED);
    }

    private void hangs(String unit) {
        hanging.add(status(unit).port());
        answering.remove(status(unit).port());
    }

    private IncidentReport onlyIncident() {
        assertThat(incidents).hasSize(1);
        return incidents.values().iterator().next();
    }

    private void follow(Desired row) {
        supervision.follow(List.of(row), "cluster");
        time.run();
        time.advance(Duration.ofMillis(600));
    }

    private static Desired desired(DesiredRun run, long restartGeneration, long generation) {
        return new Desired(
                new UnitId("web-1"),
                new ServiceName("web"),
                null,
                run,
                Map.of(),
                restartGeneration,
                generation,
                "wished",
                Instant.EPOCH);
    }

    private static UnitPolicy strategy(RestartStrategy strategy) {
        return new UnitPolicy(
                RestartPolicy.ORDINARY, strategy, null, null, null, Duration.ofMinutes(15));
    }

    private void declare(String name, Beating beating, int units, String... dependsOn) {
        declare(name, beating, units, PortChoice.FREE, false, UnitPolicy.ORDINARY, dependsOn);
    }

    private void declare(String name, Beating beating, int units, UnitPolicy policy) {
        declare(name, beating, units, PortChoice.FREE, false, policy);
    }

    private void declare(String name, Beating beating, int units, boolean managementPort) {
        declare(name, beating, units, PortChoice.FREE, managementPort, UnitPolicy.ORDINARY);
    }

    private void declare(String name, Beating beating, int units, PortChoice port) {
        declare(name, beating, units, port, false, UnitPolicy.ORDINARY);
    }

    private void declare(
            String name,
            Beating beating,
            int units,
            PortChoice port,
            boolean managementPort,
            UnitPolicy policy,
            String... dependsOn) {
        Set<ServiceName> dependencies = new HashSet<>();
        List.of(dependsOn).forEach(dependency -> dependencies.add(new ServiceName(dependency)));
        services.put(
                new ServiceName(name),
                new ServiceDeclaration(
                        new ServiceName(name),
                        List.of("run"),
                        units,
                        port,
                        managementPort ? PortChoice.FREE : null,
                        beating,
                        Probe.http("/health", false),
                        dependencies,
                        Map.of(),
                        folder,
                        Duration.ofSeconds(20),
                        LivenessProbe.of(Probe.http("/health", false)),
                        policy,
                        null));
    }

    /** Makes a supervisor on the home as the one before has left it, and starts it. */
    private void begin() {
        time.forgetLoops();
        Random random = new Random(42);
        NodeName node = new NodeName("here");
        policies =
                new ServicePolicies(
                        services.values().stream()
                                .collect(
                                        Collectors.toMap(
                                                ServiceDeclaration::name,
                                                ServiceDeclaration::policy)));
        supervision =
                new Supervision(
                        new Declaration(node, List.of(), 10, services),
                        new Supervision.Tools(
                                runtime,
                                journal,
                                home,
                                new Launches(
                                        node, List.of(), folder, home.token(), Path.of("java")),
                                new FakeProber(),
                                new FakeProber(),
                                new Ports(random),
                                new StartGate(2),
                                new Recording(),
                                _ -> time.loop(),
                                time,
                                time::nanos,
                                random,
                                Timing.ORDINARY,
                                policies));
        supervision.start();
        time.run();
    }

    /** Answers at once. */
    private final class FakeProber implements Prober, LifeSigns {

        @Override
        public CompletableFuture<Outcome> ask(Probe probe, int port) {
            CompletableFuture<Outcome> slow = slowAnswer;
            slowAnswer = null;
            return slow != null
                    ? slow
                    : CompletableFuture.completedFuture(
                            new Outcome(answering.contains(port), "asked"));
        }

        @Override
        public CompletableFuture<Outcome> answers(Probe probe, int port, Duration patience) {
            return CompletableFuture.completedFuture(
                    new Outcome(!hanging.contains(port), "no answer in time"));
        }

        @Override
        public CompletableFuture<SelfReport> selfReport(int port, Duration patience) {
            return CompletableFuture.completedFuture(selfReport);
        }
    }

    private final class Recording implements UnitEvents {

        @Override
        public void probed(UnitPlan unit, UnitStatus status, Prober.Outcome outcome) {
            probes.add(unit.id() + (outcome.good() ? " good" : " bad"));
        }

        @Override
        public void exited(
                UnitPlan unit, StartId startId, Exit exit, boolean expected, String reason) {
            String what = reason.contains("not ready") ? reason : exit.toString();
            events.add(
                    "exit %s %s %s %s"
                            .formatted(
                                    unit.id(),
                                    startId,
                                    what,
                                    expected ? "expected" : "unexpected"));
        }

        @Override
        public void hung(UnitPlan unit, StartId startId, String reason) {
            events.add("hung " + unit.id());
        }

        @Override
        public void unanswered(UnitPlan unit, StartId startId, String what) {
            probes.add(unit.id() + " unanswered");
        }

        @Override
        public void recovery(
                UnitPlan unit, @Nullable StartId ended, RecoveryStep step, String reason) {
            steps.add("%s %s".formatted(unit.id(), step));
        }

        @Override
        public void incident(UnitPlan unit, StartId failed, IncidentReport report) {
            incidents.put(failed, report);
        }

        @Override
        public CompletableFuture<@Nullable Permit> permit(
                UnitPlan unit, StartId startId, KillCause cause, @Nullable Integer maxUnavailable) {
            asked.add("%s %s".formatted(unit.id(), cause));
            return CompletableFuture.completedFuture(permit);
        }

        @Override
        public CompletableFuture<Boolean> drain(UnitPlan unit, StartId startId, String reason) {
            events.add("drain " + unit.id());
            return drainAnswer;
        }
    }

    private void answers(String unit) {
        answering.add(status(unit).port());
    }

    private void crash(String unit, Exit how) {
        answering.remove(status(unit).port());
        runtime.of(unit).ends(how);
    }

    private void ready(String unit) {
        answers(unit);
        time.advance(Duration.ofMillis(200));
        assertThat(state(unit)).isEqualTo(UnitState.UP);
    }

    private UnitStatus status(String unit) {
        return supervision.status(new UnitId(unit)).orElseThrow();
    }

    private UnitState state(String unit) {
        return status(unit).state();
    }

    private String reason(String unit) {
        return status(unit).reason();
    }
}
