package dev.lepton.gateway.holding;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lepton.client.unit.UnitState;
import dev.lepton.client.unit.UnitView;
import dev.lepton.client.watch.Fleet;
import dev.lepton.client.watch.Position;
import dev.lepton.gateway.StubUnit;
import dev.lepton.gateway.balancing.BalancerKind;
import dev.lepton.gateway.balancing.Balancings;
import dev.lepton.gateway.balancing.SlowStart;
import dev.lepton.gateway.breaker.SomeBreakers;
import dev.lepton.gateway.routing.RoutingTables;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import reactor.test.scheduler.VirtualTimeScheduler;

class HoldTests {

    private static final Duration LIMIT = Duration.ofSeconds(10);

    private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final WaitingRoom room = new WaitingRoom(2, new HoldMetrics(meters));
    private final List<String> told = new ArrayList<>();

    private Hold hold(String service) {
        return new Hold(
                room, service, Runnable::run, LIMIT, time, () -> time.now(TimeUnit.NANOSECONDS));
    }

    private Hold.Entry begin(Hold hold) {
        return hold.begin(() -> told.add("look"), wait -> told.add("expired"));
    }

    private double metric(String name) {
        return meters.get(name).meter().measure().iterator().next().getValue();
    }

    @Test
    void expiresAtItsLimitAndNotBefore() {
        Hold hold = hold("worker");
        assertThat(begin(hold)).isEqualTo(Hold.Entry.HELD);

        time.advanceTimeBy(LIMIT.minusNanos(1));
        assertThat(told).isEmpty();
        time.advanceTimeBy(Duration.ofNanos(1));

        assertThat(told).containsExactly("expired");
        assertThat(hold.soFar()).isEqualTo(LIMIT);
        hold.expire();
        assertThat(room.held()).isEmpty();
        assertThat(metric("lepton.gateway.holds.expired")).isEqualTo(1);
        assertThat(begin(hold)).isEqualTo(Hold.Entry.SPENT);
    }

    @Test
    void allWaitsOfARequestTogetherLastNoLongerThanTheLimit() {
        Hold hold = hold("worker");
        begin(hold);
        time.advanceTimeBy(Duration.ofSeconds(4));
        hold.pause();
        time.advanceTimeBy(Duration.ofSeconds(20));
        assertThat(hold.soFar()).isEqualTo(Duration.ofSeconds(4));
        assertThat(told).isEmpty();

        begin(hold);
        time.advanceTimeBy(Duration.ofSeconds(6).minusNanos(1));
        assertThat(told).isEmpty();
        time.advanceTimeBy(Duration.ofNanos(1));

        assertThat(told).containsExactly("expired");
    }

    @Test
    void endOfAWaitThatWasRenewedMeanwhileEndsNothing() {
        Hold hold = hold("worker");
        List<Integer> ended = new ArrayList<>();
        hold.begin(() -> {}, ended::add);
        time.advanceTimeBy(LIMIT);

        hold.renew(ended::add);

        assertThat(hold.active(ended.removeFirst())).isFalse();
        time.advanceTimeBy(LIMIT);
        assertThat(hold.active(ended.removeFirst())).isTrue();
        hold.end();
    }

    @Test
    void requestThatIsTriedAgainKeepsItsPlaceAndIsCountedOnce() {
        Hold first = hold("worker");
        begin(first);
        begin(hold("worker"));
        first.pause();

        assertThat(begin(hold("worker"))).isEqualTo(Hold.Entry.FULL);
        assertThat(begin(first)).isEqualTo(Hold.Entry.HELD);

        assertThat(room.held()).isEqualTo(Map.of("worker", 2));
        assertThat(metric("lepton.gateway.holds")).isEqualTo(2);
        assertThat(metric("lepton.gateway.holds.turned-away")).isEqualTo(1);
    }

    @Test
    void placeThatIsGivenBackIsFreeAndItsTimeStops() {
        Hold first = hold("worker");
        begin(first);
        begin(hold("worker"));
        first.end();
        first.end();

        assertThat(room.held()).isEqualTo(Map.of("worker", 1));
        assertThat(metric("lepton.gateway.held")).isEqualTo(1);
        assertThat(begin(hold("worker"))).isEqualTo(Hold.Entry.HELD);
        first.expire();
        assertThat(metric("lepton.gateway.holds.expired")).isZero();
    }

    @Test
    void roomOfOneServiceIsNotTakenByAnother() {
        begin(hold("worker"));
        begin(hold("worker"));

        assertThat(begin(hold("other"))).isEqualTo(Hold.Entry.HELD);
        assertThat(room.held()).isEqualTo(Map.of("worker", 2, "other", 1));
    }

    @Test
    void onlyTheRequestsOfAServiceThatIsShownOtherwiseAreTold() {
        RoutingTables tables = tables();
        UnitView recovering = StubUnit.view("worker-1", "worker", 9000, UnitState.RECOVERING, 1);
        UnitView up = StubUnit.view("worker-1", "worker", 9000, UnitState.UP, 1);
        UnitView other = StubUnit.view("other-1", "other", 9001, UnitState.UP, 1);
        show(tables, recovering);
        begin(hold("worker"));

        show(tables, recovering, other);
        assertThat(told).isEmpty();
        show(tables, up, other);
        assertThat(told).containsExactly("look");
    }

    @Test
    void requestLooksOnItsOwnLoopAndNotOnTheThreadThatChangesTheTable() {
        RoutingTables tables = tables();
        List<Runnable> loop = new ArrayList<>();
        show(tables, StubUnit.view("worker-1", "worker", 9000, UnitState.RECOVERING, 1));
        begin(new Hold(room, "worker", loop::add, LIMIT, time, () -> 0));

        show(tables, StubUnit.view("worker-1", "worker", 9000, UnitState.UP, 1));

        assertThat(told).isEmpty();
        loop.forEach(Runnable::run);
        assertThat(told).containsExactly("look");
    }

    @Test
    void requestWhoseLoopHasEndedKeepsNobodyElseWaiting() {
        RoutingTables tables = tables();
        show(tables, StubUnit.view("worker-1", "worker", 9000, UnitState.RECOVERING, 1));
        Executor ended =
                task -> {
                    throw new RejectedExecutionException();
                };
        begin(new Hold(room, "worker", ended, LIMIT, time, () -> 0));
        begin(hold("worker"));

        show(tables, StubUnit.view("worker-1", "worker", 9000, UnitState.UP, 1));

        assertThat(told).containsExactly("look");
    }

    private RoutingTables tables() {
        return new RoutingTables(
                SomeBreakers.at(() -> 0),
                SlowStart.OFF,
                service -> Balancings.plain(BalancerKind.ROUND_ROBIN),
                () -> 0,
                unit -> {},
                room::tableChanged);
    }

    private static void show(RoutingTables tables, UnitView... views) {
        tables.show(
                new Fleet(
                        new Position("c", 1),
                        Arrays.stream(views).collect(Collectors.toMap(UnitView::unitId, v -> v)),
                        Map.of()));
    }
}
