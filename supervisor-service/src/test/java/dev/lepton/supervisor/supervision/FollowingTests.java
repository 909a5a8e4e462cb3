package dev.lepton.supervisor.supervision;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lepton.client.desired.Desired;
import dev.lepton.client.desired.DesiredRun;
import dev.lepton.client.recovery.Permit;
import dev.lepton.client.unit.NodeName;
import dev.lepton.client.unit.ServiceName;
import dev.lepton.client.unit.UnitId;
import dev.lepton.client.unit.UnitState;
import dev.lepton.supervisor.declaration.Beating;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FollowingTests extends SupervisionScene {

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
    void afterAnOrderlyEndTheNextSupervisorFollowsTheRowAgainButRepeatsNoRestart() {
        declare("web", Beating.NODE, 1);
        begin();
        ready("web-1");
        follow(desired(DesiredRun.RUN, 1, 1));
        time.advance(Duration.ofSeconds(1));
        follow(desired(DesiredRun.STOP, 1, 2));
        supervision.stopAll("test");
        time.advance(Duration.ofSeconds(1));
        runtime.calls.clear();

        begin();
        follow(desired(DesiredRun.STOP, 1, 2));
        assertThat(state("web-1")).isEqualTo(UnitState.STOPPED);
        runtime.calls.clear();
        follow(desired(DesiredRun.RUN, 1, 3));
        time.advance(Duration.ofSeconds(1));

        assertThat(runtime.calls).containsExactly("start web-1");
    }

    @Test
    void aRowThatWasFollowedIsNotFollowedAgainAfterAFailoverOfTheDatabase() {
        declare("web", Beating.NODE, 1);
        begin();
        ready("web-1");
        follow(desired(DesiredRun.STOP, 0, 7));
        supervision.start(new UnitId("web-1"), "an operator here");
        time.run();

        supervision.follow(List.of(desired(DesiredRun.STOP, 0, 7)), "cluster-2");
        time.advance(Duration.ofSeconds(1));
        assertThat(state("web-1")).isEqualTo(UnitState.UP);
        supervision.follow(List.of(desired(DesiredRun.STOP, 0, 8)), "cluster-2");
        time.advance(Duration.ofSeconds(1));

        assertThat(state("web-1")).isEqualTo(UnitState.STOPPED);
    }

    @Test
    void aRowThatAnotherClusterHasWrittenAnewIsFollowed() {
        declare("web", Beating.NODE, 1);
        begin();
        ready("web-1");
        follow(desired(DesiredRun.RUN, 0, 7));

        supervision.follow(
                List.of(
                        new Desired(
                                new UnitId("web-1"),
                                new ServiceName("web"),
                                null,
                                DesiredRun.STOP,
                                Map.of(),
                                0,
                                7,
                                "wished",
                                Instant.EPOCH.plusNanos(1))),
                "cluster-2");
        time.advance(Duration.ofSeconds(1));

        assertThat(state("web-1")).isEqualTo(UnitState.STOPPED);
    }

    @Test
    void aUnitThatIsAssignedHereIsStartedAndKeptByTheNextSupervisor() {
        declare("web", Beating.NODE, 0);
        begin();

        follow(assigned("web-7", "here", 1));
        ready("web-7");
        begin();
        time.run();

        assertThat(runtime.calls).containsExactly("start web-7");
        assertThat(state("web-7")).isEqualTo(UnitState.UP);
    }

    @Test
    void aUnitOfAServiceThatNobodyDeclaresHereIsNotStarted() {
        declare("web", Beating.NODE, 0);
        begin();

        supervision.follow(
                List.of(
                        new Desired(
                                new UnitId("shop-1"),
                                new ServiceName("shop"),
                                new NodeName("here"),
                                DesiredRun.RUN,
                                Map.of(),
                                0,
                                1,
                                null,
                                Instant.EPOCH)),
                "cluster");
        time.run();

        assertThat(supervision.status(new UnitId("shop-1"))).isEmpty();
    }

    @Test
    void aUnitThatWasAssignedHereAndIsAssignedAwayIsStopped() {
        declare("web", Beating.NODE, 0);
        begin();
        follow(assigned("web-7", "here", 1));
        ready("web-7");

        follow(assigned("web-7", "elsewhere", 2));

        assertThat(state("web-7")).isEqualTo(UnitState.STOPPED);
        begin();
        time.advance(Duration.ofSeconds(1));
        assertThat(state("web-7")).isEqualTo(UnitState.STOPPED);
    }

    @Test
    void aUnitThatIsAssignedBackWhileItsLeftoverEndsIsStartedOnceThatHasEnded() {
        declareNoMore();
        runtime.obedient = false;
        begin();
        FakeRuntime.FakeRun leftover = runtime.of("web-1");
        assertThat(runtime.calls).containsExactly("SIGTERM web-1");

        follow(assigned("web-1", "here", 1));
        time.advance(Duration.ofSeconds(1));
        assertThat(supervision.status(new UnitId("web-1"))).isEmpty();
        leftover.ends(CRASH);
        time.run();

        assertThat(runtime.calls).containsExactly("SIGTERM web-1", "SIGKILL web-1", "start web-1");
        assertThat(journal.read(new UnitId("web-1")).startId())
                .isEqualTo(runtime.of("web-1").startId());
    }

    @Test
    void aUnitThatIsAssignedBackAndAwayWhileItsLeftoverEndsIsNotStarted() {
        declareNoMore();
        runtime.obedient = false;
        begin();
        FakeRuntime.FakeRun leftover = runtime.of("web-1");

        follow(assigned("web-1", "here", 1));
        follow(assigned("web-1", "elsewhere", 2));
        leftover.ends(CRASH);
        time.advance(Duration.ofSeconds(1));

        assertThat(state("web-1")).isEqualTo(UnitState.STOPPED);
        assertThat(runtime.runs.values()).allMatch(run -> run.exit.isDone());
    }

    private void declareNoMore() {
        declare("web", Beating.NODE, 1);
        begin();
        ready("web-1");
        services.clear();
        declare("web", Beating.NODE, 0);
        runtime.calls.clear();
    }

    private static Desired assigned(String unit, String node, long generation) {
        return new Desired(
                new UnitId(unit),
                new ServiceName("web"),
                new NodeName(node),
                DesiredRun.RUN,
                Map.of(),
                0,
                generation,
                "moved",
                Instant.EPOCH);
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
}
