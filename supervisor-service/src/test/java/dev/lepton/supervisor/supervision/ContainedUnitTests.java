package dev.lepton.supervisor.supervision;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lepton.client.desired.Desired;
import dev.lepton.client.desired.DesiredRun;
import dev.lepton.client.unit.NodeName;
import dev.lepton.client.unit.ServiceName;
import dev.lepton.client.unit.StartId;
import dev.lepton.client.unit.UnitId;
import dev.lepton.client.unit.UnitState;
import dev.lepton.supervisor.declaration.Beating;
import dev.lepton.supervisor.declaration.LivenessProbe;
import dev.lepton.supervisor.declaration.PortChoice;
import dev.lepton.supervisor.declaration.Probe;
import dev.lepton.supervisor.declaration.ServiceDeclaration;
import dev.lepton.supervisor.journal.UnitRecord;
import dev.lepton.supervisor.recovery.UnitPolicy;
import dev.lepton.supervisor.runtime.ContainerMark;
import dev.lepton.supervisor.runtime.Next;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Units whose runtime starts them again by itself and outlives the supervisor. */
class ContainedUnitTests extends SupervisionScene {

    private static final int PORT = 8080;

    @BeforeEach
    void declareAContainer() {
        runtime.endsWithSupervisor = false;
        services.put(
                new ServiceName("web"),
                new ServiceDeclaration(
                        new ServiceName("web"),
                        List.of(),
                        1,
                        PortChoice.fixed(PORT),
                        null,
                        Beating.SELF,
                        Probe.http("/health", false),
                        Set.of(),
                        Map.of(),
                        folder,
                        Duration.ofSeconds(20),
                        LivenessProbe.of(Probe.http("/health", false)),
                        UnitPolicy.ORDINARY,
                        null,
                        List.of(new UnitId("web-1"))));
    }

    private void hang() {
        answering.remove(PORT);
        hanging.add(PORT);
        time.advance(Duration.ofSeconds(20));
    }

    @Test
    void aUnitThatCannotBeStartedNowWaitsAndNothingIsCounted() {
        runtime.obstacle = "the engine is away";
        begin();

        time.advance(Duration.ofHours(1));

        assertThat(state("web-1")).isEqualTo(UnitState.STARTING);
        assertThat(reason("web-1")).isEqualTo("waits: the engine is away");
        assertThat(runtime.calls).isEmpty();
        assertThat(status("web-1").restarts()).isZero();

        runtime.obstacle = null;
        time.advance(Duration.ofMillis(200));

        assertThat(runtime.calls).containsExactly("start web-1");
    }

    @Test
    void aStartThatFindsItsRuntimeAwayWaitsAndIsNotCounted() {
        runtime.beforeStart =
                _ -> {
                    runtime.obstacle = "the engine is away";
                    throw new UncheckedIOException(new IOException("no answer"));
                };
        begin();

        time.advance(Duration.ofMinutes(1));
        assertThat(state("web-1")).isEqualTo(UnitState.STARTING);
        assertThat(reason("web-1")).isEqualTo("waits: the engine is away");
        assertThat(incidents).isEmpty();
        runtime.beforeStart = _ -> {};
        runtime.obstacle = null;
        time.advance(Duration.ofMillis(200));

        assertThat(runtime.calls).containsExactly("start web-1");
        assertThat(status("web-1").restarts()).isZero();
    }

    @Test
    void aHungRunThatCannotBeEndedNowIsLeftAloneOnceItAnswersAgain() {
        begin();
        ready("web-1");
        runtime.calls.clear();
        runtime.of("web-1").unendable = "the engine is away";
        hang();

        assertThat(runtime.calls).isEmpty();
        assertThat(reason("web-1")).endsWith("not ended yet: the engine is away");
        hanging.remove(PORT);
        answers("web-1");
        time.advance(Duration.ofSeconds(10));
        runtime.of("web-1").unendable = null;
        time.advance(Duration.ofMinutes(1));

        assertThat(runtime.calls).isEmpty();
        assertThat(state("web-1")).isEqualTo(UnitState.UP);
    }

    @Test
    void oneThatWaitsForItsRuntimeIsStoppedAndStartedAsAnyOther() {
        runtime.obstacle = "the engine is away";
        begin();

        supervision.stop(new UnitId("web-1"), "by hand");
        time.advance(Duration.ofSeconds(1));
        assertThat(state("web-1")).isEqualTo(UnitState.STOPPED);
        supervision.start(new UnitId("web-1"), "by hand");
        runtime.obstacle = null;
        time.advance(Duration.ofSeconds(1));

        assertThat(runtime.calls).containsExactly("rest web-1", "start web-1");
    }

    @Test
    void itsPortIsItsOwnAddressesAndNeedNotBeFreeHere() {
        services.compute(
                new ServiceName("web"),
                (_, web) ->
                        new ServiceDeclaration(
                                web.name(),
                                List.of(),
                                2,
                                web.port(),
                                null,
                                web.beating(),
                                web.probe(),
                                Set.of(),
                                Map.of(),
                                folder,
                                web.stopTimeout(),
                                web.liveness(),
                                web.policy(),
                                null,
                                List.of(new UnitId("web-1"), new UnitId("web-2"))));
        begin();

        ready("web-1");
        ready("web-2");

        assertThat(status("web-1").port()).isEqualTo(PORT);
        assertThat(status("web-2").port()).isEqualTo(PORT);
    }

    @Test
    void aHungOneIsEndedForAnotherRunWhichIsTakenAtOnceHoweverOftenItWasSo() {
        begin();
        ready("web-1");
        for (int i = 1; i <= 3; i++) {
            hanging.clear();
            ready("web-1");
            hang();
            hanging.clear();
            assertThat(status("web-1").restarts()).isEqualTo(i);
        }

        assertThat(runtime.nexts).containsOnly(Next.ANOTHER_RUN);
        assertThat(runtime.calls).filteredOn("start web-1"::equals).hasSize(4);
    }

    @Test
    void oneThatIsGivenUpIsKeptFromBeingStartedByOthers() {
        begin();
        for (int i = 0; i < 6; i++) {
            crash("web-1", CRASH);
            time.advance(Duration.ofSeconds(1));
        }

        assertThat(state("web-1")).isEqualTo(UnitState.QUARANTINED);
        assertThat(runtime.calls).endsWith("rest web-1");
    }

    @Test
    void whoeverStartsOneThatIsHeldWantsItToRunButNotOneThatWaits() {
        begin();
        ready("web-1");
        supervision.startedElsewhere(new UnitId("web-1"));
        time.run();
        assertThat(runtime.calls).containsExactly("start web-1");

        supervision.stop(new UnitId("web-1"), "by hand");
        time.advance(Duration.ofSeconds(1));
        assertThat(runtime.nexts).containsExactly(Next.REST);
        supervision.startedElsewhere(new UnitId("web-1"));
        time.run();

        assertThat(runtime.calls).endsWith("rest web-1", "start web-1");
    }

    @Test
    void anOperatorsRestartEndsItForAnotherRun() {
        begin();
        ready("web-1");

        supervision.restart(new UnitId("web-1"), "by hand");
        time.advance(Duration.ofSeconds(1));

        assertThat(runtime.nexts).containsExactly(Next.ANOTHER_RUN);
    }

    @Test
    void itGoesOnWhenTheSupervisorEndsAndTheNextOneFindsIt() {
        begin();
        ready("web-1");
        StartId start = status("web-1").startId();
        runtime.calls.clear();

        supervision.stopAll("the supervisor ends");
        time.run();
        assertThat(supervision.stopped()).isTrue();
        begin();

        assertThat(runtime.calls).isEmpty();
        assertThat(state("web-1")).isEqualTo(UnitState.UP);
        assertThat(status("web-1").startId()).isEqualTo(start);
    }

    @Test
    void oneThatWasToStopWhenItsSupervisorWasKilledIsKeptFromRunning() {
        begin();
        ready("web-1");
        runtime.obedient = false;
        supervision.stop(new UnitId("web-1"), "by hand");
        time.run();
        runtime.of("web-1").ends(CRASH);
        runtime.calls.clear();

        begin();

        assertThat(state("web-1")).isEqualTo(UnitState.STOPPED);
        assertThat(runtime.calls).endsWith("rest web-1");
    }

    @Test
    void oneThatIsNoLongerDeclaredIsForgottenAndLeftToWhoeverCreatedIt() {
        UnitRecord gone =
                UnitRecord.unknown(new UnitId("old-1"))
                        .beginning(StartId.random(), folder.resolve("x.log"))
                        .running(new ContainerMark("a", time.instant()));
        journal.write(gone);

        begin();

        assertThat(journal.readAll()).noneMatch(entry -> entry.unitId().equals(gone.unitId()));
        assertThat(runtime.calls).containsExactly("start web-1");
    }

    @Test
    void theRegistryAssignsNoContainersToANodeThatHasNone() {
        begin();

        supervision.follow(
                List.of(
                        new Desired(
                                new UnitId("web-9"),
                                new ServiceName("web"),
                                new NodeName("here"),
                                DesiredRun.RUN,
                                Map.of(),
                                0,
                                1,
                                null,
                                time.instant())),
                "cluster");
        time.run();

        assertThat(supervision.status(new UnitId("web-9"))).isEmpty();
    }
}
