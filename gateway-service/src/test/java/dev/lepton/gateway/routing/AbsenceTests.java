package dev.lepton.gateway.routing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lepton.client.desired.Desired;
import dev.lepton.client.desired.DesiredRun;
import dev.lepton.client.unit.UnitState;
import dev.lepton.client.unit.UnitView;
import dev.lepton.gateway.StubUnit;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class AbsenceTests {

    private static final long NOW = 1_000;

    private static UnitView supervised(UnitState state, long incarnation) {
        return StubUnit.onNode(
                StubUnit.view("worker-1", "worker", 9000, state, incarnation), "node-a");
    }

    private static @Nullable Absence first(UnitView view, boolean served) {
        return Absence.of(view, null, null, served, NOW);
    }

    @ParameterizedTest
    @CsvSource({
        "STARTING,    true,  true",
        "UP,          false, false",
        "SUSPECT,     false, false",
        "DRAINING,    true,  true",
        "DOWN,        true,  true",
        "RECOVERING,  true,  true",
        "QUARANTINED, false, false",
        "STOPPED,     false, true"
    })
    void returnOfASupervisedUnitIsPossible(UnitState state, boolean atFirst, boolean served) {
        assertThat(first(supervised(state, 1), false) != null).isEqualTo(atFirst);
        assertThat(first(supervised(state, 1), true) != null).isEqualTo(served);
    }

    @ParameterizedTest
    @EnumSource(UnitState.class)
    void unitWithoutASupervisorIsExpectedOnlyOnceItHasRegistered(UnitState state) {
        UnitView view = StubUnit.view("worker-1", "worker", 9000, state, 1);

        assertThat(first(view, true) != null)
                .isEqualTo(state == UnitState.STARTING || state == UnitState.RECOVERING);
    }

    @ParameterizedTest
    @EnumSource(UnitState.class)
    void unitThatIsWantedToStopIsNotExpected(UnitState state) {
        assertThat(Absence.of(supervised(state, 1), desired(DesiredRun.STOP), null, true, NOW))
                .isNull();
    }

    @Test
    void unitThatIsWantedToRunIsExpected() {
        UnitView view = supervised(UnitState.STOPPED, 1);

        assertThat(Absence.of(view, desired(DesiredRun.RUN), null, true, NOW)).isNotNull();
    }

    @ParameterizedTest
    @EnumSource(names = {"DOWN", "DRAINING", "STOPPED"})
    void absenceIsAsOldAsItsFirstSight(UnitState state) {
        Absence earlier = first(supervised(state, 1), true);

        assertThat(Absence.of(supervised(state, 1), null, earlier, false, NOW + 1))
                .isSameAs(earlier);
    }

    @Test
    void anotherEndIsAnotherAbsence() {
        Absence earlier = first(supervised(UnitState.DOWN, 1), true);

        Absence later = Absence.of(supervised(UnitState.DOWN, 2), null, earlier, false, NOW + 1);

        assertThat(later).isNotNull();
        assertThat(later.seenNanos()).isEqualTo(NOW + 1);
    }

    /** A hung process that has ended is shown as DOWN before and after. */
    @Test
    void stateThatIsEnteredAgainIsAnotherAbsence() {
        Absence earlier = new Absence(UnitState.DOWN, 1, Instant.MAX, NOW);

        Absence later = Absence.of(supervised(UnitState.DOWN, 1), null, earlier, false, NOW + 1);

        assertThat(later).isNotNull();
        assertThat(later.seenNanos()).isEqualTo(NOW + 1);
    }

    @ParameterizedTest
    @EnumSource(names = {"DOWN", "DRAINING", "STOPPED"})
    void unitThatNobodySaysIsComingIsExpectedForAWhile(UnitState state) {
        Absence absence = first(supervised(state, 1), true);
        Duration unsaid = Duration.ofNanos(100);

        assertThat(absence).isNotNull();
        assertThat(absence.expectedForNanos(NOW, unsaid)).isEqualTo(100);
        assertThat(absence.expectedForNanos(NOW + 99, unsaid)).isEqualTo(1);
        assertThat(absence.expectedForNanos(NOW + 100, unsaid)).isZero();
        assertThat(absence.expectedForNanos(NOW + 101, unsaid)).isZero();
    }

    @ParameterizedTest
    @EnumSource(names = {"STARTING", "RECOVERING"})
    void unitThatIsSaidToComeIsExpectedWithoutEnd(UnitState state) {
        Absence absence = first(supervised(state, 1), false);

        assertThat(absence).isNotNull();
        assertThat(absence.expectedForNanos(NOW + Duration.ofDays(1).toNanos(), Duration.ZERO))
                .isEqualTo(Long.MAX_VALUE);
    }

    private static Desired desired(DesiredRun run) {
        UnitView view = supervised(UnitState.UP, 1);
        return new Desired(
                view.unitId(), view.service(), null, run, Map.of(), 0, 1, null, Instant.EPOCH);
    }
}
