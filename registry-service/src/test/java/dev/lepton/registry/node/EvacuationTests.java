package dev.lepton.registry.node;

import static dev.lepton.registry.unit.UnitBuilder.NOON;
import static dev.lepton.registry.unit.UnitBuilder.aUnit;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lepton.client.desired.Desired;
import dev.lepton.client.desired.DesiredRun;
import dev.lepton.client.node.NodeBeat;
import dev.lepton.client.unit.NodeName;
import dev.lepton.client.unit.ServiceName;
import dev.lepton.client.unit.StartId;
import dev.lepton.client.unit.UnitId;
import dev.lepton.registry.lifecycle.Phase;
import dev.lepton.registry.node.Evacuation.Placement;
import dev.lepton.registry.unit.UnitBuilder;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class EvacuationTests {

    private static final NodeName LOST = new NodeName("node-lost");

    private final List<KnownNode> live = new ArrayList<>();
    private final List<UnitBuilder> units = new ArrayList<>();
    private final List<Desired> desired = new ArrayList<>();
    private Set<UnitId> movedLately = Set.of();
    private boolean silent = true;
    private Instant now = NOON;

    @Test
    void unitGoesToTheLiveNodeThatRunsTheFewest() {
        live.add(node("node-b", 9));
        live.add(node("node-c", 9));
        units.add(aUnit("b1").on("node-b").in(Phase.UP));
        units.add(down("a1"));

        assertThat(said()).containsExactly("a1 -> node-c");
    }

    @Test
    void eachPlacementCountsForTheNext() {
        live.add(node("node-b", 2));
        live.add(node("node-c", 1));
        units.add(down("a1"));
        units.add(down("a2"));
        units.add(down("a3"));
        units.add(down("a4"));

        assertThat(said())
                .containsExactly(
                        "a1 -> node-b",
                        "a2 -> node-c",
                        "a3 -> node-b",
                        "a4 stays: no live node that runs 'worker' has room");
    }

    @Test
    void unitsThatAreOnlyDesiredOnANodeTakeUpItsRoomToo() {
        live.add(node("node-b", 1));
        desired.add(desired("b1", "node-b", DesiredRun.RUN));
        units.add(down("a1"));

        assertThat(said()).containsExactly("a1 stays: no live node that runs 'worker' has room");
    }

    @Test
    void nodeThatDoesNotKnowTheServiceTakesNone() {
        live.add(node("node-b", 9));
        units.add(down("a1").of("billing"));

        assertThat(said()).containsExactly("a1 stays: no live node that runs 'billing' has room");
    }

    @ParameterizedTest
    @EnumSource(
            value = Phase.class,
            names = {"STARTING", "UP", "SUSPECT", "DRAINING", "RECOVERING", "STOPPED"})
    void unitThatMayLiveOrHasEndedInOrderIsNotMoved(Phase phase) {
        live.add(node("node-b", 9));
        units.add(aUnit("a1").on(LOST.value()).in(phase));

        assertThat(said()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(
            value = Phase.class,
            mode = EnumSource.Mode.EXCLUDE,
            names = {"STARTING", "UP", "SUSPECT", "DRAINING", "RECOVERING", "STOPPED"})
    void unitThatIsGoneIsMoved(Phase phase) {
        live.add(node("node-b", 9));
        units.add(aUnit("a1").on(LOST.value()).in(phase));

        assertThat(said()).containsExactly("a1 -> node-b");
    }

    @ParameterizedTest
    @EnumSource(
            value = Phase.class,
            names = {"DOWN_SILENT", "DOWN_HUNG"})
    void unitThatIsDownAndStillBeatsIsNotMoved(Phase phase) {
        live.add(node("node-b", 9));
        units.add(aUnit("a1").on(LOST.value()).in(phase));
        silent = false;

        assertThat(said()).isEmpty();
    }

    @Test
    void unitThatWasStoppedTakesUpNoRoom() {
        live.add(node("node-b", 1));
        units.add(aUnit("b1").on("node-b").in(Phase.STOPPED));
        units.add(down("a1"));

        assertThat(said()).containsExactly("a1 -> node-b");
    }

    @Test
    void rowOfAUnitThatNobodyKnowsTakesUpRoomForTenMinutes() {
        live.add(node("node-b", 1));
        desired.add(desired("b1", "node-b", DesiredRun.RUN));
        units.add(down("a1"));

        now = NOON.plus(Duration.ofMinutes(10)).minusNanos(1);
        assertThat(said()).containsExactly("a1 stays: no live node that runs 'worker' has room");
        now = NOON.plus(Duration.ofMinutes(10));
        assertThat(said()).containsExactly("a1 -> node-b");
    }

    @Test
    void unitThatIsDesiredElsewhereIsNotOfTheLostNodeAnyMore() {
        live.add(node("node-b", 9));
        units.add(down("a1"));
        desired.add(desired("a1", "node-b", DesiredRun.RUN));

        assertThat(said()).isEmpty();
    }

    @Test
    void unitThatIsWantedToStopIsNotMoved() {
        live.add(node("node-b", 9));
        units.add(down("a1"));
        desired.add(desired("a1", LOST.value(), DesiredRun.STOP));

        assertThat(said()).isEmpty();
    }

    @Test
    void unitOfAnotherNodeIsLeftAlone() {
        live.add(node("node-b", 9));
        units.add(aUnit("c1").on("node-c").in(Phase.DOWN_EXITED));

        assertThat(said()).isEmpty();
    }

    @Test
    void unitThatWasMovedLatelyStays() {
        live.add(node("node-b", 9));
        units.add(down("a1"));
        movedLately = Set.of(new UnitId("a1"));

        assertThat(said()).containsExactly("a1 stays: it was moved a short while ago");
    }

    private List<String> said() {
        return Evacuation.plan(
                        Set.of(LOST),
                        live,
                        units.stream().map(UnitBuilder::row).toList(),
                        desired,
                        movedLately,
                        _ -> silent,
                        now)
                .stream()
                .map(EvacuationTests::said)
                .toList();
    }

    private static String said(Placement placement) {
        return switch (placement) {
            case Placement.Move(var unit, var _, var to) -> unit.id() + " -> " + to;
            case Placement.Stay(var unit, var _, var why) -> unit.id() + " stays: " + why;
        };
    }

    private static UnitBuilder down(String id) {
        return aUnit(id).on(LOST.value()).in(Phase.DOWN_SILENT);
    }

    private static KnownNode node(String name, int capacity) {
        return new KnownNode(
                new NodeName(name),
                new NodeBeat(
                        StartId.random(), 1, capacity, List.of(new ServiceName("worker")), null));
    }

    private static Desired desired(String unit, String node, DesiredRun run) {
        return new Desired(
                new UnitId(unit),
                new ServiceName("worker"),
                new NodeName(node),
                run,
                Map.of(),
                0,
                1,
                null,
                NOON);
    }
}
