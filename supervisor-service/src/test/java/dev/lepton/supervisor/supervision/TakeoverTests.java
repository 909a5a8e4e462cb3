package dev.lepton.supervisor.supervision;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lepton.client.unit.StartId;
import dev.lepton.client.unit.UnitId;
import dev.lepton.client.unit.UnitState;
import dev.lepton.supervisor.declaration.Beating;
import dev.lepton.supervisor.declaration.PortChoice;
import dev.lepton.supervisor.recovery.UnitPolicy;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What an earlier supervisor has left, and cannot be seen at once. */
class TakeoverTests extends SupervisionScene {

    @Test
    void aUnitOfWhichItIsNotKnownWhetherItRunsHoldsNoOtherBack() {
        declare("web", Beating.NODE, 2);
        begin();
        ready("web-1");
        ready("web-2");
        StartId kept = runtime.of("web-1").startId();
        runtime.of("web-2").ends(CRASH);
        runtime.unseen.add("web-1");
        runtime.calls.clear();

        begin();
        assertThat(runtime.calls).containsExactly("sweep", "start web-2");
        assertThat(state("web-1")).isEqualTo(UnitState.STARTING);
        assertThat(reason("web-1"))
                .isEqualTo("waits: it cannot be told whether it still runs: no answer");
        runtime.unseen.clear();
        time.advance(Duration.ofSeconds(1));

        assertThat(status("web-1").startId()).isEqualTo(kept);
        assertThat(state("web-1")).isEqualTo(UnitState.UP);
    }

    @Test
    void whatDependsOnAUnitThatIsTakenOverLateIsStartedThen() {
        declare("db", Beating.NODE, 1);
        begin();
        ready("db-1");
        declare("web", Beating.NODE, 1, PortChoice.FREE, false, UnitPolicy.ORDINARY, "db");
        runtime.unseen.add("db-1");

        begin();
        assertThat(reason("web-1")).isEqualTo("waits for db");
        runtime.unseen.clear();
        time.advance(Duration.ofSeconds(1));

        assertThat(runtime.calls).containsExactly("start db-1", "start web-1");
    }

    @Test
    void aStopOfAUnitThatCannotBeSeenYetHoldsOnceItCan() {
        aServingUnitIsNotSeenByTheNextSupervisor();

        supervision.stop(new UnitId("web-1"), "by hand");
        time.run();
        runtime.unseen.clear();
        time.advance(Duration.ofSeconds(2));

        assertThat(runtime.calls).containsExactly("start web-1", "SIGTERM web-1");
        assertThat(state("web-1")).isEqualTo(UnitState.STOPPED);
    }

    @Test
    void aStartThatFollowsAStopOfAUnitThatCannotBeSeenYetTakesItBack() {
        aServingUnitIsNotSeenByTheNextSupervisor();

        supervision.stop(new UnitId("web-1"), "by hand");
        supervision.start(new UnitId("web-1"), "by hand");
        time.run();
        runtime.unseen.clear();
        time.advance(Duration.ofSeconds(2));

        assertThat(runtime.calls).containsExactly("start web-1");
        assertThat(state("web-1")).isEqualTo(UnitState.UP);
    }

    @Test
    void aUnitThatCannotBeSeenDoesNotKeepTheSupervisorFromEnding() {
        aServingUnitIsNotSeenByTheNextSupervisor();

        supervision.stopAll("the supervisor ends");
        time.run();
        assertThat(supervision.stopped()).isTrue();
        runtime.unseen.clear();
        begin();

        assertThat(runtime.calls).containsExactly("start web-1");
        assertThat(state("web-1")).isEqualTo(UnitState.UP);
    }

    private void aServingUnitIsNotSeenByTheNextSupervisor() {
        declare("web", Beating.NODE, 1);
        begin();
        ready("web-1");
        runtime.unseen.add("web-1");
        begin();
    }
}
