package dev.lepton.gateway.routing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lepton.client.unit.UnitId;
import dev.lepton.client.unit.UnitState;
import dev.lepton.client.unit.UnitView;
import dev.lepton.client.watch.Fleet;
import dev.lepton.client.watch.Position;
import dev.lepton.gateway.StubUnit;
import dev.lepton.gateway.balancing.Affinity;
import dev.lepton.gateway.balancing.BalancerKind;
import dev.lepton.gateway.balancing.Balancings;
import dev.lepton.gateway.balancing.SlowStart;
import dev.lepton.gateway.breaker.SomeBreakers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class RoutingTableTests {

    private static final Duration UNSAID = Duration.ofSeconds(5);

    private final List<String> gone = new ArrayList<>();
    private long now = Duration.ofHours(1).toNanos();
    private final RoutingTables tables =
            new RoutingTables(
                    SomeBreakers.at(() -> now),
                    SlowStart.OFF,
                    service -> Balancings.plain(BalancerKind.ROUND_ROBIN),
                    () -> now,
                    unit -> gone.add(unit.toString()),
                    (before, after) -> {});

    private static UnitView unit(String id, UnitState state, long incarnation) {
        return StubUnit.view(id, id.substring(0, id.lastIndexOf('-')), 9000, state, incarnation);
    }

    private static UnitView supervised(String id, UnitState state) {
        return StubUnit.onNode(unit(id, state, 1), "node-a");
    }

    private void show(UnitView... views) {
        tables.show(
                new Fleet(
                        new Position("c", 1),
                        Arrays.stream(views).collect(Collectors.toMap(UnitView::unitId, v -> v)),
                        Map.of()));
    }

    private ServiceUnits service(String name) {
        ServiceUnits units = tables.current().service(name);
        assertThat(units).isNotNull();
        return units;
    }

    private List<String> routable(String service) {
        return service(service).routable().stream().map(u -> u.id().value()).toList();
    }

    private TrackedUnit tracked(String id) {
        return tables.current().tracked().get(new UnitId(id));
    }

    @Test
    void nothingIsKnownBeforeTheFirstPicture() {
        assertThat(tables.current().known()).isFalse();

        show();

        assertThat(tables.current().known()).isTrue();
        assertThat(tables.current().service("worker")).isNull();
    }

    @ParameterizedTest
    @EnumSource
    void onlyUpIsRoutableNextToTwoThatAreUp(UnitState state) {
        show(
                unit("worker-1", UnitState.UP, 1),
                unit("worker-2", UnitState.UP, 1),
                unit("worker-3", state, 1));

        assertThat(routable("worker"))
                .isEqualTo(
                        state == UnitState.UP
                                ? List.of("worker-1", "worker-2", "worker-3")
                                : List.of("worker-1", "worker-2"));
    }

    @ParameterizedTest
    @CsvSource({"0,1,1", "1,1,1", "1,2,3", "2,2,2", "2,3,5", "3,1,3", "0,4,4"})
    void suspectUnitsAreRoutableWhileFewerThanHalfAreUp(int up, int suspect, int routable) {
        List<UnitView> views = new ArrayList<>();
        for (int i = 0; i < up + suspect; i++) {
            views.add(unit("worker-" + i, i < up ? UnitState.UP : UnitState.SUSPECT, 1));
        }
        views.add(unit("worker-down", UnitState.DOWN, 1));

        show(views.toArray(UnitView[]::new));

        assertThat(routable("worker")).hasSize(routable).doesNotContain("worker-down");
    }

    @Test
    void evidenceAndRequestsInFlightAreKeptForTheSameStart() {
        show(unit("worker-1", UnitState.UP, 1));
        TrackedUnit before = tracked("worker-1");
        before.begin(() -> {}, now);
        before.breaker().refused();

        show(unit("worker-1", UnitState.DRAINING, 1), unit("worker-2", UnitState.UP, 1));
        show(unit("worker-1", UnitState.UP, 1));

        assertThat(tracked("worker-1")).isSameAs(before);
        assertThat(tracked("worker-1").inFlight()).isEqualTo(1);
        assertThat(gone).containsExactly("worker-2#1");
    }

    @Test
    void anotherStartOfTheSameUnitBeginsAfresh() {
        show(unit("worker-1", UnitState.UP, 1));
        tracked("worker-1").breaker().refused();

        show(unit("worker-1", UnitState.UP, 2));

        assertThat(tracked("worker-1").breaker().closed()).isTrue();
        assertThat(gone).containsExactly("worker-1#1");
    }

    @ParameterizedTest
    @EnumSource(names = {"DOWN", "RECOVERING", "QUARANTINED", "STARTING"})
    void requestsThatWaitForAUnitAreToldWhenItIsGone(UnitState state) {
        show(unit("worker-1", UnitState.UP, 1));
        List<String> told = new ArrayList<>();
        tracked("worker-1").begin(() -> told.add("told"), now);

        show(unit("worker-1", state, 1));

        assertThat(told).containsExactly("told");
    }

    @Test
    void requestsThatWaitForAUnitThatEndsInOrderAreLeftAlone() {
        show(unit("worker-1", UnitState.DRAINING, 1));
        List<String> told = new ArrayList<>();
        tracked("worker-1").begin(() -> told.add("told"), now);

        show(unit("worker-1", UnitState.STOPPED, 1));

        assertThat(told).isEmpty();
        assertThat(gone).containsExactly("worker-1#1");
    }

    @Test
    void requestsThatWaitForAUnitThatIsSupersededOrForgottenAreTold() {
        show(unit("worker-1", UnitState.UP, 1), unit("worker-2", UnitState.UP, 1));
        List<String> told = new ArrayList<>();
        tracked("worker-1").begin(() -> told.add("superseded"), now);
        tracked("worker-2").begin(() -> told.add("forgotten"), now);

        show(unit("worker-1", UnitState.STOPPED, 2));

        assertThat(told).containsExactlyInAnyOrder("superseded", "forgotten");
    }

    private long expected(String service) {
        return service(service).returnExpectedForNanos(now, UNSAID);
    }

    @ParameterizedTest
    @EnumSource
    void unitIsOnItsWayBackWhenItStartsOrItsSupervisorMayStartIt(UnitState state) {
        show(unit("other-1", state, 1), supervised("worker-1", state));

        boolean said = state == UnitState.STARTING || state == UnitState.RECOVERING;
        boolean maybe = state == UnitState.DOWN || state == UnitState.DRAINING;
        assertThat(expected("other")).isEqualTo(said ? Long.MAX_VALUE : 0);
        assertThat(expected("worker"))
                .isEqualTo(said ? Long.MAX_VALUE : maybe ? UNSAID.toNanos() : 0);
        assertThat(service("other").supervised()).isFalse();
        assertThat(service("worker").supervised())
                .isEqualTo(state == UnitState.UP || state == UnitState.SUSPECT);
    }

    @Test
    void unitThatWasSeenToServeAndStopsIsExpectedForAWhile() {
        show(supervised("worker-1", UnitState.UP));
        show(supervised("worker-1", UnitState.DRAINING));
        now += 10;
        show(supervised("worker-1", UnitState.STOPPED));
        assertThat(expected("worker")).isEqualTo(UNSAID.toNanos());
        now += 10;

        show(supervised("worker-1", UnitState.STOPPED), unit("other-1", UnitState.UP, 1));

        assertThat(expected("worker")).isEqualTo(UNSAID.toNanos() - 10);
    }

    @Test
    void serviceIsExpectedAsLongAsOneOfItsUnits() {
        show(supervised("worker-1", UnitState.DOWN));
        now += 10;

        show(supervised("worker-1", UnitState.DOWN), supervised("worker-2", UnitState.DOWN));

        assertThat(expected("worker")).isEqualTo(UNSAID.toNanos());
    }

    @Test
    void unitThatWasNeverSeenToServeIsNotExpectedWhenItIsStopped() {
        show(supervised("worker-1", UnitState.RECOVERING));

        show(supervised("worker-1", UnitState.STOPPED));

        assertThat(expected("worker")).isZero();
    }

    @Test
    void requestThatBeginsAtAUnitThatIsGoneMeanwhileIsToldAtOnce() {
        show(unit("worker-1", UnitState.UP, 1));
        TrackedUnit picked = tracked("worker-1");
        show(unit("worker-1", UnitState.DOWN, 1));
        List<String> told = new ArrayList<>();

        picked.begin(() -> told.add("told"), now);

        assertThat(told).containsExactly("told");
    }

    @ParameterizedTest
    @EnumSource(names = {"UP", "SUSPECT", "DRAINING"})
    void requestsThatWaitForAUnitThatLivesAreLeftAlone(UnitState state) {
        show(unit("worker-1", UnitState.UP, 1));
        List<String> told = new ArrayList<>();
        tracked("worker-1").begin(() -> told.add("told"), now);

        show(unit("worker-1", state, 1));

        assertThat(told).isEmpty();
        assertThat(gone).isEmpty();
    }

    @Test
    void balancerOfAServiceGoesOnWhereItWas() {
        show(unit("worker-1", UnitState.UP, 1), unit("worker-2", UnitState.UP, 1));
        assertThat(service("worker").pick(Affinity.NONE, Set.of(), true, now).unit())
                .isSameAs(tracked("worker-1"));

        show(unit("worker-1", UnitState.UP, 1), unit("worker-2", UnitState.UP, 1));

        assertThat(service("worker").pick(Affinity.NONE, Set.of(), true, now).unit())
                .isSameAs(tracked("worker-2"));
    }

    @Test
    void unitThatIsLeftAloneIsNotPickedUntilItMayBeTriedAndThenFirst() {
        show(unit("worker-1", UnitState.UP, 1), unit("worker-2", UnitState.UP, 1));
        tracked("worker-1").breaker().refused();

        for (int i = 0; i < 4; i++) {
            assertThat(service("worker").pick(Affinity.NONE, Set.of(), true, now))
                    .isEqualTo(new ServiceUnits.Pick(tracked("worker-2"), false));
        }
        now += Duration.ofMillis(1001).toNanos();

        assertThat(service("worker").pick(Affinity.NONE, Set.of(), true, now))
                .isEqualTo(new ServiceUnits.Pick(tracked("worker-1"), true));
        assertThat(service("worker").pick(Affinity.NONE, Set.of(), true, now))
                .isEqualTo(new ServiceUnits.Pick(tracked("worker-2"), false));
    }

    @Test
    void lastUnitIsPickedEvenWhenItIsLeftAlone() {
        show(unit("worker-1", UnitState.UP, 1), unit("worker-2", UnitState.UP, 1));
        tracked("worker-1").breaker().refused();
        tracked("worker-2").breaker().refused();

        assertThat(
                        service("worker")
                                .pick(Affinity.NONE, Set.of(tracked("worker-2")), true, now)
                                .unit())
                .isSameAs(tracked("worker-1"));
    }

    @Test
    void nothingIsPickedWhenAllWereTried() {
        show(unit("worker-1", UnitState.UP, 1));

        assertThat(service("worker").pick(Affinity.NONE, Set.of(tracked("worker-1")), true, now))
                .isNull();
    }

    @Test
    void reasonForNoUnitCountsTheStates() {
        show(
                unit("worker-1", UnitState.DOWN, 1),
                unit("worker-2", UnitState.RECOVERING, 1),
                unit("worker-3", UnitState.DOWN, 1));

        assertThat(service("worker").whyNoneRoutable())
                .isEqualTo("service 'worker' has no routable unit: 2 DOWN, 1 RECOVERING");
    }
}
