package dev.lepton.supervisor.supervision;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lepton.client.heartbeat.FenceTerms;
import dev.lepton.client.policy.RecoveryPolicy;
import dev.lepton.client.policy.StoredPolicy;
import dev.lepton.client.unit.ServiceName;
import dev.lepton.client.unit.StartId;
import dev.lepton.client.unit.UnitId;
import dev.lepton.client.unit.UnitState;
import dev.lepton.supervisor.declaration.Beating;
import dev.lepton.supervisor.recovery.UnitPolicy;
import dev.lepton.supervisor.runtime.Exit;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Units whose processes run only while a registry confirms them. */
class ExclusiveTests extends SupervisionScene {

    private static final UnitPolicy EXCLUSIVE = UnitPolicy.ORDINARY.changedBy(policy(Boolean.TRUE));
    private static final String WAITS =
            "waits: it is exclusive, and no registry answers that could confirm it";

    @ParameterizedTest
    @EnumSource(
            value = Beating.class,
            names = {"SELF", "NODE"})
    void itIsStartedOnceARegistryAnswersAndNoSooner(Beating beating) {
        registryAnswers = false;
        declare("web", beating, 1, EXCLUSIVE);
        begin();

        time.advance(Duration.ofHours(1));
        assertThat(runtime.calls).isEmpty();
        assertThat(reason("web-1")).isEqualTo(WAITS);
        registryAnswers = true;
        time.advance(Duration.ofMillis(200));

        assertThat(runtime.calls).containsExactly("start web-1");
    }

    @Test
    void afterACrashItWaitsForARegistryToo() {
        declare("web", Beating.SELF, 1, EXCLUSIVE);
        begin();
        ready("web-1");
        registryAnswers = false;

        crash("web-1", CRASH);
        time.advance(Duration.ofMinutes(1));
        assertThat(runtime.calls).containsExactly("start web-1");
        assertThat(reason("web-1")).isEqualTo(WAITS);
        registryAnswers = true;
        time.advance(Duration.ofSeconds(1));

        assertThat(runtime.calls).containsExactly("start web-1", "start web-1");
    }

    @Test
    void theRegistrysWordWhetherItIsExclusiveIsTheStrongerOne() {
        registryAnswers = false;
        declare("web", Beating.NODE, 1, EXCLUSIVE);
        begin();
        assertThat(runtime.calls).isEmpty();

        policies.changedTo(
                List.of(
                        new StoredPolicy(
                                new ServiceName("web"),
                                1,
                                policy(Boolean.FALSE),
                                null,
                                null,
                                Instant.EPOCH)));
        time.advance(Duration.ofMillis(200));

        assertThat(runtime.calls).containsExactly("start web-1");
    }

    @ParameterizedTest
    @EnumSource(
            value = Beating.class,
            names = {"SELF", "NODE"})
    void othersAreStartedWithoutARegistry(Beating beating) {
        registryAnswers = false;
        declare("web", beating, 1);

        begin();

        assertThat(runtime.calls).containsExactly("start web-1");
    }

    @Test
    void oneThatWaitedForItsPlaceWhileTheRegistryWentAwayIsNotStarted() {
        declare("web", Beating.NODE, 3, EXCLUSIVE);
        begin();
        assertThat(runtime.calls).hasSize(2);

        registryAnswers = false;
        ready("web-1");
        ready("web-2");

        assertThat(runtime.calls).hasSize(2);
        assertThat(reason("web-3")).isEqualTo(WAITS);
    }

    @Test
    void oneThatWasNotConfirmedIsEndedAsNoFailureAndWaitsForARegistry() {
        declare("web", Beating.NODE, 1, EXCLUSIVE);
        begin();
        ready("web-1");
        runtime.calls.clear();
        registryAnswers = false;

        unconfirmed(status("web-1").startId());

        assertThat(runtime.calls).containsExactly("SIGTERM web-1");
        time.advance(Duration.ofMinutes(1));
        assertThat(reason("web-1")).isEqualTo(WAITS);
        assertThat(incidents).isEmpty();
        registryAnswers = true;
        time.advance(Duration.ofSeconds(1));
        assertThat(runtime.calls).containsExactly("SIGTERM web-1", "start web-1");
        assertThat(status("web-1").restarts()).isZero();
    }

    @Test
    void oneThatEndsItselfByItsFenceHasNotFailed() {
        declare("web", Beating.SELF, 1, EXCLUSIVE);
        begin();
        ready("web-1");
        runtime.calls.clear();
        registryAnswers = false;

        crash("web-1", new Exit(FenceTerms.EXIT_CODE, null));

        time.advance(Duration.ofMinutes(1));
        assertThat(reason("web-1")).isEqualTo(WAITS);
        assertThat(incidents).isEmpty();
        registryAnswers = true;
        time.advance(Duration.ofSeconds(1));
        assertThat(runtime.calls).containsExactly("start web-1");
        assertThat(status("web-1").restarts()).isZero();
    }

    @Test
    void theSameExitCodeIsAFailureWhileARegistryAnswers() {
        declare("web", Beating.SELF, 1, EXCLUSIVE);
        begin();
        ready("web-1");

        crash("web-1", new Exit(FenceTerms.EXIT_CODE, null));
        time.advance(Duration.ofSeconds(1));

        assertThat(incidents).hasSize(1);
        assertThat(status("web-1").restarts()).isEqualTo(1);
    }

    @Test
    void oneThatDoesNotEndIsKilledAtTheEndOfItsTime() {
        declare("web", Beating.NODE, 1, EXCLUSIVE);
        begin();
        ready("web-1");
        runtime.calls.clear();
        runtime.obedient = false;

        unconfirmed(status("web-1").startId());
        assertThat(state("web-1")).isEqualTo(UnitState.DRAINING);
        assertThat(reason("web-1"))
                .isEqualTo("it is exclusive, and no registry has confirmed it in time");
        time.advance(Duration.ofMillis(1999));
        assertThat(runtime.calls).containsExactly("SIGTERM web-1");
        time.advance(Duration.ofMillis(1));

        assertThat(runtime.calls).startsWith("SIGTERM web-1", "SIGKILL web-1");
    }

    @Test
    void oneThatIsBeingStoppedIsKilledAtTheEndOfItsTimeTooAndStaysStopped() {
        declare("web", Beating.NODE, 1, EXCLUSIVE);
        begin();
        ready("web-1");
        runtime.calls.clear();
        runtime.obedient = false;
        supervision.stop(new UnitId("web-1"), "by hand");
        time.advance(Duration.ofSeconds(1));

        unconfirmed(status("web-1").startId());
        time.advance(Duration.ofSeconds(2));

        assertThat(runtime.calls).containsExactly("SIGTERM web-1", "SIGKILL web-1");
        assertThat(state("web-1")).isEqualTo(UnitState.STOPPED);
    }

    @Test
    void anEarlierStartThatWasNotConfirmedConcernsNoLaterOne() {
        declare("web", Beating.NODE, 1, EXCLUSIVE);
        begin();
        ready("web-1");
        runtime.calls.clear();

        unconfirmed(StartId.random());

        assertThat(runtime.calls).isEmpty();
        assertThat(state("web-1")).isEqualTo(UnitState.UP);
    }

    @Test
    void itsEndIsReportedOnceAllThatItLeftBehindHasEndedToo() {
        declare("web", Beating.NODE, 1, EXCLUSIVE);
        begin();
        ready("web-1");
        runtime.of("web-1").survived = true;
        supervision.stop(new UnitId("web-1"), "by hand");

        time.advance(Duration.ofSeconds(20));
        assertThat(events).containsExactly("drain web-1");
        time.advance(Duration.ofSeconds(1));

        assertThat(events).hasSize(2).last().asString().startsWith("exit web-1");
        assertThat(runtime.calls).containsExactly("start web-1", "SIGTERM web-1", "SIGKILL web-1");
    }

    @Test
    void theEndOfAnyOtherIsReportedAtOnce() {
        declare("web", Beating.NODE, 1);
        begin();
        ready("web-1");
        FakeRuntime.FakeRun run = runtime.of("web-1");
        run.survived = true;
        run.unkillable = true;

        crash("web-1", CRASH);
        time.run();

        assertThat(events).singleElement().asString().startsWith("exit web-1");
    }

    @Test
    void whatIsLeftOfOneThatIsBeingStoppedIsKilledAtTheEndOfItsTimeToo() {
        declare("web", Beating.NODE, 1, EXCLUSIVE);
        begin();
        ready("web-1");
        runtime.of("web-1").survived = true;
        StartId start = runtime.of("web-1").startId();
        supervision.stop(new UnitId("web-1"), "by hand");
        time.advance(Duration.ofSeconds(1));

        unconfirmed(start);
        time.advance(Duration.ofMillis(1999));
        assertThat(runtime.calls).containsExactly("start web-1", "SIGTERM web-1");
        time.advance(Duration.ofMillis(21));

        assertThat(runtime.calls).containsExactly("start web-1", "SIGTERM web-1", "SIGKILL web-1");
        assertThat(events).last().asString().startsWith("exit web-1");
        assertThat(state("web-1")).isEqualTo(UnitState.STOPPED);
    }

    @Test
    void aCrashIsAFailureAlsoWhenItIsNotConfirmedWhileSomethingOfItIsLeft() {
        declare("web", Beating.NODE, 1, EXCLUSIVE);
        begin();
        ready("web-1");
        FakeRuntime.FakeRun run = runtime.of("web-1");
        run.survived = true;
        run.unkillable = true;
        crash("web-1", CRASH);
        time.run();

        unconfirmed(run.startId());
        run.survived = false;
        time.advance(Duration.ofSeconds(1));

        assertThat(status("web-1").restarts()).isEqualTo(1);
    }

    @Test
    void itIsNotStartedWhileSomethingOfItsLastProcessCannotBeEnded() {
        declare("web", Beating.NODE, 1, EXCLUSIVE);
        begin();
        ready("web-1");
        FakeRuntime.FakeRun run = runtime.of("web-1");
        run.survived = true;
        run.unkillable = true;

        crash("web-1", CRASH);
        time.advance(Duration.ofMinutes(1));
        assertThat(reason("web-1"))
                .isEqualTo(
                        "waits: it is exclusive, and what its last process has left behind still runs");
        assertThat(events).isEmpty();
        assertThat(runtime.runs).hasSize(1);
        run.survived = false;
        time.advance(Duration.ofSeconds(2));

        assertThat(events).singleElement().asString().startsWith("exit web-1");
        assertThat(runtime.runs).hasSize(2);
    }

    @Test
    void oneWhosePlaceIsAnothersIsEndedAtOnceAndAsNoFailure() {
        declare("web", Beating.NODE, 1, EXCLUSIVE);
        begin();
        ready("web-1");
        runtime.calls.clear();
        runtime.obedient = false;
        registryAnswers = false;

        supervision.displaced(new UnitId("web-1"), status("web-1").startId());
        time.advance(Duration.ZERO);

        assertThat(runtime.calls).containsExactly("SIGTERM web-1", "SIGKILL web-1");
        assertThat(events).last().asString().startsWith("exit web-1").endsWith(" expected");
        assertThat(reason("web-1")).isEqualTo(WAITS);
        assertThat(incidents).isEmpty();
        assertThat(status("web-1").restarts()).isZero();
    }

    @Test
    void oneThatIsNotExclusiveGoesOnWhereverItsPlaceIs() {
        declare("web", Beating.NODE, 1);
        begin();
        ready("web-1");
        runtime.calls.clear();

        supervision.displaced(new UnitId("web-1"), status("web-1").startId());
        time.advance(Duration.ofSeconds(1));

        assertThat(runtime.calls).isEmpty();
        assertThat(state("web-1")).isEqualTo(UnitState.UP);
    }

    private void unconfirmed(StartId start) {
        supervision.unconfirmed(new UnitId("web-1"), start, Duration.ofSeconds(2));
        time.run();
    }

    private static RecoveryPolicy policy(Boolean exclusive) {
        return new RecoveryPolicy(
                null, null, null, null, null, null, null, null, null, null, null, null, null, null,
                exclusive);
    }
}
