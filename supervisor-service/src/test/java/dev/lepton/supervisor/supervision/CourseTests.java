package dev.lepton.supervisor.supervision;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lepton.client.unit.StartId;
import dev.lepton.client.unit.UnitId;
import dev.lepton.supervisor.journal.UnitRecord;
import dev.lepton.supervisor.journal.UnitRecord.Wish;
import dev.lepton.supervisor.recovery.End;
import dev.lepton.supervisor.recovery.RestartPolicy;
import dev.lepton.supervisor.supervision.Phase.Afterwards;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class CourseTests {

    private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
    private static final UnitRecord WANTED = UnitRecord.unknown(new UnitId("web-1"));
    private static final UnitRecord HELD = WANTED.wishing(Wish.STOPPED, "held");
    private static final End CRASH = new End(1, "crash", Duration.ZERO);
    private static final LiveRun LIVE =
            new LiveRun(new FakeRuntime().new FakeRun("web-1", StartId.random(), 1), 0, null, 3);

    private static final Phase UNKNOWN = new Phase.Unknown();
    private static final Phase UNSEEN = new Phase.Unseen("waits");
    private static final Phase AWAITING_DEPENDENCIES = new Phase.AwaitingDependencies("waits");
    private static final Phase AWAITING_PLACE =
            new Phase.AwaitingPlace(new StartGate.Ticket[1], "its turn");
    private static final Phase STARTING = new Phase.Starting(LIVE, "is started");
    private static final Phase UP = new Phase.Up(LIVE, "ready");
    private static final Phase BACKING_OFF = new Phase.BackingOff(() -> {}, "later");
    private static final Phase AWAITING_GROUP = new Phase.AwaitingGroup("together");
    private static final Phase STOPPED = new Phase.Stopped("held");
    private static final Phase QUARANTINED = new Phase.Quarantined("given up");

    private static final Step STAY = new Step.Stay();
    private static final Step START = new Step.StartByRequest("asked");
    private static final Step REST = new Step.Rest("asked");
    private static final Step END = new Step.EndRun(LIVE, Afterwards.STAY_STOPPED, "asked");

    private final Course course = new Course(() -> RestartPolicy.ORDINARY, new Random(1));

    @ParameterizedTest
    @MethodSource
    void anOperatorsStartIsAnsweredByPhase(Phase phase, Step step) {
        assertThat(course.onStart(phase, "asked")).isEqualTo(step);
    }

    static Stream<Arguments> anOperatorsStartIsAnsweredByPhase() {
        return Stream.of(
                Arguments.of(UNKNOWN, STAY),
                Arguments.of(UNSEEN, new Step.WantRun()),
                Arguments.of(AWAITING_DEPENDENCIES, START),
                Arguments.of(AWAITING_PLACE, STAY),
                Arguments.of(STARTING, STAY),
                Arguments.of(UP, STAY),
                Arguments.of(
                        stopping(Afterwards.STAY_STOPPED, "first"),
                        new Step.StartAfterStop(stopping(Afterwards.START_AGAIN, "asked"))),
                Arguments.of(stopping(Afterwards.START_AGAIN, "first"), STAY),
                Arguments.of(stopping(Afterwards.DECIDE, "first"), STAY),
                Arguments.of(BACKING_OFF, START),
                Arguments.of(AWAITING_GROUP, START),
                Arguments.of(STOPPED, START),
                Arguments.of(QUARANTINED, START));
    }

    @ParameterizedTest
    @MethodSource
    void aStopIsAnsweredByPhase(Phase phase, Step step) {
        assertThat(course.onStop(phase, "asked")).isEqualTo(step);
    }

    static Stream<Arguments> aStopIsAnsweredByPhase() {
        Step keepStopped = new Step.Enter(stopping(Afterwards.STAY_STOPPED, "asked"));
        return Stream.of(
                Arguments.of(UNKNOWN, REST),
                Arguments.of(UNSEEN, STAY),
                Arguments.of(AWAITING_DEPENDENCIES, REST),
                Arguments.of(AWAITING_PLACE, REST),
                Arguments.of(STARTING, END),
                Arguments.of(UP, END),
                Arguments.of(stopping(Afterwards.STAY_STOPPED, "first"), keepStopped),
                Arguments.of(stopping(Afterwards.START_AGAIN, "first"), keepStopped),
                Arguments.of(stopping(Afterwards.DECIDE, "first"), keepStopped),
                Arguments.of(BACKING_OFF, REST),
                Arguments.of(AWAITING_GROUP, REST),
                Arguments.of(STOPPED, REST),
                Arguments.of(QUARANTINED, REST));
    }

    @Test
    void theBeginningFollowsTheWishOfTheJournal() {
        assertThat(course.atBegin(UNKNOWN, WANTED)).isEqualTo(new Step.AwaitDependencies());
        assertThat(course.atBegin(UNKNOWN, HELD))
                .isEqualTo(new Step.Enter(new Phase.Stopped("held")));
        assertThat(course.atBegin(UNKNOWN, WANTED.wishing(Wish.QUARANTINED, "given up")))
                .isEqualTo(new Step.Enter(QUARANTINED));
    }

    @Test
    void theBeginningLeavesAUnitAloneThatWasTakenOver() {
        assertThat(course.atBegin(UP, WANTED)).isEqualTo(STAY);
    }

    @Test
    void afterAnOrderedEndFollowsWhatWasOrdered() {
        assertThat(afterRun(stopping(Afterwards.STAY_STOPPED, "asked"))).isEqualTo(REST);
        assertThat(afterRun(stopping(Afterwards.START_AGAIN, "asked"))).isEqualTo(START);
    }

    @Test
    void aRunThatWasEndedBecauseItWasNotReadyIsJudgedByThatAndNotByItsExitCode() {
        End exit78 = new End(RestartPolicy.BAD_CONFIGURATION, "exit code 78", Duration.ZERO);

        Step step =
                course.afterRun(
                        stopping(Afterwards.DECIDE, "not ready"), exit78, WANTED, false, NOW);

        assertThat(step)
                .isEqualTo(
                        new Step.Retry(
                                WANTED.restartedAt(NOW, false), 1, Duration.ZERO, "not ready"));
    }

    @Test
    void anUnaskedEndIsRestartedAndCounted() {
        assertThat(afterRun(UP))
                .isEqualTo(
                        new Step.Retry(WANTED.restartedAt(NOW, false), 1, Duration.ZERO, "crash"));
    }

    @Test
    void aRunThatWasGoodForLongBeginsTheSeriesAnewAndForgetsNoRestart() {
        Duration resetAfter = RestartPolicy.ORDINARY.resetAfter();
        UnitRecord entry = WANTED.restartedAt(NOW.minus(resetAfter), false);

        Step after = course.afterFailure(good(resetAfter), entry, false, NOW);
        Step before = course.afterFailure(good(resetAfter.minusNanos(1)), entry, false, NOW);

        assertThat(((Step.Retry) after).entry().series()).isEqualTo(1);
        assertThat(((Step.Retry) before).entry().series()).isEqualTo(2);
        assertThat(((Step.Retry) after).entry().restarts())
                .containsExactly(NOW.minus(resetAfter), NOW);
    }

    @Test
    void aStartOnTrialThatFailsSoonIsNotRepeated() {
        UnitRecord onTrial = WANTED.givenUp("given up", NOW).tried();
        Duration period = RestartPolicy.ORDINARY.period();

        assertThat(course.afterFailure(good(period.minusNanos(1)), onTrial, false, NOW))
                .isEqualTo(new Step.Quarantine("crash; it was on trial", true));
        assertThat(course.afterFailure(good(period), onTrial, false, NOW))
                .isInstanceOf(Step.Retry.class);
    }

    @Test
    void aUnitThatWasGivenUpIsTriedWhenItWasToBe() {
        assertThat(course.atBegin(UNKNOWN, WANTED.givenUp("given up", NOW)))
                .isEqualTo(new Step.AwaitTrial("given up", NOW));
    }

    @Test
    void aRunThatWasEndedForItsGroupWaitsForItsTurn() {
        assertThat(afterRun(stopping(Afterwards.AWAIT_GROUP, "together")))
                .isEqualTo(new Step.AwaitGroup("together"));
    }

    @Test
    void nothingIsRestartedThatIsHeldOrEndsForGood() {
        assertThat(course.afterFailure(CRASH, HELD, false, NOW)).isEqualTo(new Step.Rest("held"));
        assertThat(course.afterFailure(CRASH, WANTED, true, NOW)).isEqualTo(new Step.Rest("crash"));
    }

    private Step afterRun(Phase phase) {
        return course.afterRun(phase, CRASH, WANTED, false, NOW);
    }

    private static Phase.Stopping stopping(Afterwards then, String reason) {
        return new Phase.Stopping(LIVE, then, reason);
    }

    private static End good(Duration duration) {
        return new End(1, "crash", duration);
    }
}
