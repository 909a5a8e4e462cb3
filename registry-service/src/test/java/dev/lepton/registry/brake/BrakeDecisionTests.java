package dev.lepton.registry.brake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lepton.client.recovery.KillCause;
import dev.lepton.client.recovery.PermitRequest;
import dev.lepton.client.unit.ServiceName;
import dev.lepton.client.unit.StartId;
import dev.lepton.client.unit.UnitId;
import dev.lepton.registry.brake.BrakeState.OpenPermit;
import dev.lepton.registry.brake.DrillSight.UnitPhase;
import dev.lepton.registry.lifecycle.Phase;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class BrakeDecisionTests {

    private static final UnitId UNIT = new UnitId("worker-0");
    private static final StartId START = StartId.random();

    @ParameterizedTest(name = "{0} units, policy {1}, request {2}: {3}")
    @CsvSource({
        "0, , , 1",
        "1, , , 1",
        "3, , , 1",
        "4, , , 2",
        "7, , , 3",
        "4, , 3, 3",
        "4, , 1, 1",
        "4, 1, 3, 1",
        "4, 5, 1, 5",
    })
    void asManyAreRecoveredAtOnceAsTheLimitSays(
            int units, @Nullable Integer policy, @Nullable Integer asked, int limit) {
        assertThat(decided(others(limit - 1), units, policy, asked))
                .isInstanceOf(BrakeDecision.Grant.class);
        assertThat(decided(others(limit), units, policy, asked))
                .isInstanceOf(BrakeDecision.Refuse.class);
    }

    @Test
    void refusalNamesWhoIsBeingRecoveredAndTheLimit() {
        assertThat(decided(others(1), 2, null, null))
                .isEqualTo(
                        new BrakeDecision.Refuse(
                                "'worker-1' is being recovered, the limit of service 'worker' is 1"));
        assertThat(decided(others(7), 9, null, null))
                .isEqualTo(
                        new BrakeDecision.Refuse(
                                "'worker-1', 'worker-2', 'worker-3', 'worker-4', 'worker-5' and 2"
                                        + " more are being recovered, the limit of service 'worker'"
                                        + " is 4"));
    }

    @Test
    void startWithAnOpenPermitKeepsItWhateverTheLimitIsNow() {
        List<OpenPermit> open = new ArrayList<>(others(3));
        open.add(new OpenPermit(UNIT, START));

        assertThat(decided(open, 2, 1, null)).isInstanceOf(BrakeDecision.Held.class);
    }

    @Test
    void unitWhoseNextStartAsksIsNotCountedAgainstItself() {
        List<OpenPermit> open = List.of(new OpenPermit(UNIT, StartId.random()));

        assertThat(decided(open, 2, 1, null)).isInstanceOf(BrakeDecision.Grant.class);
    }

    static Stream<Arguments> drills() {
        UnitPhase own = new UnitPhase(UNIT, Phase.UP);
        UnitPhase other = new UnitPhase(new UnitId("worker-1"), Phase.UP);
        return Stream.of(
                drill(
                        "'worker-1' is SUSPECT; a drill needs every unit of the service UP",
                        List.of(own, new UnitPhase(new UnitId("worker-1"), Phase.SUSPECT)),
                        List.of(),
                        0),
                drill(
                        "'worker-1' is STOPPED; a drill needs every unit of the service UP",
                        List.of(own, new UnitPhase(new UnitId("worker-1"), Phase.STOPPED)),
                        List.of(),
                        0),
                drill(
                        "'worker-0' is DRAINING; a drill needs every unit of the service UP",
                        List.of(new UnitPhase(UNIT, Phase.DRAINING), other),
                        List.of(),
                        0),
                drill(
                        "'worker-0' is the only unit of its service; a drill needs another one that serves",
                        List.of(own),
                        List.of(),
                        0),
                drill(
                        "'worker-1' is being recovered; a drill waits for nobody",
                        List.of(own, other),
                        others(1),
                        0),
                drill(
                        "'worker-0' is being recovered; a drill waits for nobody",
                        List.of(own, other),
                        List.of(new OpenPermit(UNIT, START)),
                        0),
                drill(
                        "2 incidents of the service are open; a drill must not add to them",
                        List.of(own, other),
                        List.of(),
                        2));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("drills")
    void drillIsRefusedWhileAnythingElseOfItsServiceFails(
            String reason, List<UnitPhase> units, List<OpenPermit> open, long incidents) {
        assertThat(
                        BrakeDecision.ofDrill(
                                UNIT,
                                new BrakeState(open, units.size(), 100),
                                new DrillSight(units, incidents)))
                .isEqualTo(new BrakeDecision.Refuse(reason));
    }

    @Test
    void drillOfAServiceThatIsWellIsGranted() {
        List<UnitPhase> units =
                List.of(
                        new UnitPhase(UNIT, Phase.UP),
                        new UnitPhase(new UnitId("worker-1"), Phase.UP));

        assertThat(
                        BrakeDecision.ofDrill(
                                UNIT, new BrakeState(List.of(), 2, 1), new DrillSight(units, 0)))
                .isInstanceOf(BrakeDecision.Grant.class);
    }

    private static Arguments drill(
            String reason, List<UnitPhase> units, List<OpenPermit> open, long incidents) {
        return Arguments.of(reason, units, open, incidents);
    }

    private static BrakeDecision decided(
            List<OpenPermit> open, int units, @Nullable Integer policy, @Nullable Integer asked) {
        return BrakeDecision.decide(
                UNIT,
                new PermitRequest(new ServiceName("worker"), START, KillCause.HUNG, asked, null),
                new BrakeState(open, units, policy));
    }

    private static List<OpenPermit> others(int count) {
        return IntStream.rangeClosed(1, count)
                .mapToObj(i -> new OpenPermit(new UnitId("worker-" + i), StartId.random()))
                .toList();
    }
}
