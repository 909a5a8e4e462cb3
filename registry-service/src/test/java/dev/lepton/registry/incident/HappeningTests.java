package dev.lepton.registry.incident;

import static dev.lepton.registry.unit.UnitBuilder.NOON;
import static dev.lepton.registry.unit.UnitBuilder.aUnit;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lepton.client.desired.Desired;
import dev.lepton.client.desired.DesiredRun;
import dev.lepton.client.incident.IncidentCause;
import dev.lepton.client.unit.ServiceName;
import dev.lepton.client.unit.UnitId;
import dev.lepton.registry.changelog.LoggedChange;
import dev.lepton.registry.incident.Happening.Ended;
import dev.lepton.registry.incident.Happening.Failed;
import dev.lepton.registry.incident.Happening.GivenUp;
import dev.lepton.registry.incident.Happening.NextStart;
import dev.lepton.registry.incident.Happening.Noted;
import dev.lepton.registry.incident.Happening.Unrelated;
import dev.lepton.registry.incident.Happening.Up;
import dev.lepton.registry.lifecycle.Phase;
import dev.lepton.registry.unit.UnitRow;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class HappeningTests {

    static Stream<Arguments> moves() {
        return Stream.of(
                Arguments.of(Phase.UP, Phase.DOWN_EXITED, "exited", failed(IncidentCause.EXITED)),
                Arguments.of(
                        Phase.STARTING, Phase.DOWN_EXITED, "exited", failed(IncidentCause.EXITED)),
                Arguments.of(
                        Phase.DOWN_HUNG, Phase.DOWN_EXITED, "exited", failed(IncidentCause.EXITED)),
                Arguments.of(Phase.UP, Phase.DOWN_HUNG, "hung", failed(IncidentCause.HUNG)),
                Arguments.of(
                        Phase.STARTING,
                        Phase.DOWN_HUNG,
                        "start-deadline",
                        failed(IncidentCause.START_FAILED)),
                Arguments.of(
                        Phase.SUSPECT,
                        Phase.DOWN_SILENT,
                        "lease-expired",
                        failed(IncidentCause.SILENT)),
                Arguments.of(Phase.DOWN_EXITED, Phase.RECOVERING, "restarting", new Noted()),
                Arguments.of(Phase.DOWN_EXITED, Phase.RECOVERING, "registered", new NextStart()),
                Arguments.of(Phase.QUARANTINED, Phase.STARTING, "registered", new NextStart()),
                Arguments.of(Phase.QUARANTINED, Phase.STARTING, "probation", new Noted()),
                Arguments.of(Phase.DOWN_HUNG, Phase.QUARANTINED, "quarantined", new GivenUp()),
                Arguments.of(Phase.RECOVERING, Phase.UP, "recovered", new Up()),
                Arguments.of(Phase.DOWN_SILENT, Phase.UP, "returned", new Up()),
                Arguments.of(Phase.DOWN_SILENT, Phase.DOWN_SILENT, "held-out", new Noted()),
                Arguments.of(Phase.UP, Phase.SUSPECT, "suspected", new Unrelated()),
                Arguments.of(Phase.UP, Phase.DRAINING, "drain", new Unrelated()),
                Arguments.of(Phase.DRAINING, Phase.STOPPED, "exited", new Ended(Ending.STOPPED)),
                Arguments.of(Phase.UP, Phase.STOPPED, "stopped", new Ended(Ending.STOPPED)));
    }

    @ParameterizedTest(name = "{0} to {1}, {2}")
    @MethodSource("moves")
    void moveMeansWhatItSays(Phase from, Phase to, String event, Happening happening) {
        assertThat(Happening.of(change(from, aUnit("worker-1").in(to).row(), event)))
                .isEqualTo(happening);
    }

    @Test
    void forgottenUnitEndsItsIncidentsWhateverPhaseItIsIn() {
        UnitRow forgotten = aUnit("worker-1").in(Phase.DOWN_EXITED).forgotten().row();

        assertThat(Happening.of(change(Phase.DOWN_SILENT, forgotten, "removed")))
                .isEqualTo(new Ended(Ending.FORGOTTEN));
    }

    @Test
    void firstStartOfAUnitFollowsNoFailure() {
        UnitRow first = aUnit("worker-1").in(Phase.STARTING).row();

        assertThat(Happening.of(change(null, first, "registered"))).isEqualTo(new Unrelated());
    }

    @Test
    void startOfAUnitThatWasForgottenMayFollowOne() {
        UnitRow again = aUnit("worker-1").in(Phase.STARTING).incarnation(2).row();

        assertThat(Happening.of(change(null, again, "registered"))).isEqualTo(new NextStart());
    }

    @Test
    void wishesAreUnrelated() {
        Desired desired =
                new Desired(
                        new UnitId("worker-1"),
                        new ServiceName("worker"),
                        null,
                        DesiredRun.STOP,
                        Map.of(),
                        0,
                        1,
                        null,
                        NOON);

        assertThat(
                        Happening.of(
                                new LoggedChange(
                                        1,
                                        NOON,
                                        desired.unitId(),
                                        "desired",
                                        null,
                                        "wished",
                                        null,
                                        desired)))
                .isEqualTo(new Unrelated());
    }

    private static Failed failed(IncidentCause cause) {
        return new Failed(cause);
    }

    private static LoggedChange change(@Nullable Phase from, UnitRow unit, String event) {
        return new LoggedChange(7, NOON, unit.id(), event, from, "as tested", unit, null);
    }
}
