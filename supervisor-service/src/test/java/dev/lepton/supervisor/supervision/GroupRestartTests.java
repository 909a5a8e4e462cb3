package dev.lepton.supervisor.supervision;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lepton.client.policy.RestartStrategy;
import dev.lepton.client.unit.UnitId;
import dev.lepton.client.unit.UnitState;
import dev.lepton.supervisor.declaration.Beating;
import dev.lepton.supervisor.recovery.RestartPolicy;
import dev.lepton.supervisor.recovery.UnitPolicy;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class GroupRestartTests extends SupervisionScene {

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
    void twoMembersThatFailAtOnceLeaveNobodyBehind() {
        declare("web", Beating.SELF, 4, strategy(RestartStrategy.REST_FOR_ONE));
        begin();
        List.of("web-1", "web-2", "web-3", "web-4").forEach(this::ready);
        runtime.obedient = false;
        runtime.of("web-1").ends(CRASH);
        time.run();
        runtime.of("web-3").ends(CRASH);
        time.run();
        runtime.obedient = true;

        time.advance(Duration.ofMinutes(1));

        for (String unit : List.of("web-1", "web-2", "web-3", "web-4")) {
            assertThat(state(unit)).as(unit).isEqualTo(UnitState.UP);
        }
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
    void aMemberThatWasDrainedWhenItsSupervisorWasKilledIsStartedAgainByTheNext() {
        declare("web", Beating.SELF, 2, strategy(RestartStrategy.ONE_FOR_ALL));
        begin();
        List.of("web-1", "web-2").forEach(this::ready);
        drainAnswer = new CompletableFuture<>();
        crash("web-1", CRASH);
        time.run();
        assertThat(events).contains("drain web-2");
        runtime.calls.clear();
        drainAnswer = CompletableFuture.completedFuture(true);

        begin();
        time.advance(Duration.ofSeconds(1));

        assertThat(runtime.calls).contains("SIGTERM web-2", "start web-2");
    }

    private static UnitPolicy strategy(RestartStrategy strategy) {
        return new UnitPolicy(
                RestartPolicy.ORDINARY, strategy, null, null, null, Duration.ofMinutes(15), false);
    }
}
