package dev.lepton.gateway.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.lepton.client.unit.UnitId;
import dev.lepton.client.unit.UnitState;
import dev.lepton.client.unit.UnitView;
import dev.lepton.client.watch.Fleet;
import dev.lepton.client.watch.Position;
import dev.lepton.gateway.StubUnit;
import dev.lepton.gateway.balancing.Affinity;
import dev.lepton.gateway.balancing.BalancerKind;
import dev.lepton.gateway.balancing.Balancing;
import dev.lepton.gateway.balancing.SlowStart;
import dev.lepton.gateway.balancing.VersionShares;
import dev.lepton.gateway.balancing.ZonePreference;
import dev.lepton.gateway.breaker.SomeBreakers;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Which units of a service requests go to as versions have shares and starts are new. */
class ServiceUnitsTests {

    private static final Duration UNSAID = Duration.ofSeconds(5);

    private final Random random = new Random(20261126);
    private long now = Duration.ofHours(1).toNanos();
    private final RoutingTables tables =
            new RoutingTables(
                    SomeBreakers.at(() -> now),
                    new SlowStart(Duration.ofSeconds(10), 0.1),
                    service ->
                            new Balancing(
                                    BalancerKind.ROUND_ROBIN.create(ZonePreference.NONE, random),
                                    VersionShares.of(Map.of("v1", 90, "v2", 10))),
                    () -> now,
                    unit -> {},
                    (before, after) -> {});

    private static UnitView unit(String id, @Nullable String version, UnitState state) {
        return start(id, version, state, 1);
    }

    private static UnitView up(String id, @Nullable String version) {
        return unit(id, version, UnitState.UP);
    }

    private static UnitView start(
            String id, @Nullable String version, UnitState state, long incarnation) {
        return StubUnit.saying(
                StubUnit.onNode(StubUnit.view(id, "worker", 9000, state, incarnation), "node-a"),
                version,
                100,
                null);
    }

    private void show(UnitView... views) {
        tables.show(
                new Fleet(
                        new Position("c", 1),
                        Arrays.stream(views).collect(Collectors.toMap(UnitView::unitId, v -> v)),
                        Map.of()));
    }

    private ServiceUnits worker(Affinity affinity) {
        return Objects.requireNonNull(tables.current().service("worker", affinity));
    }

    private static Affinity pinnedTo(String version) {
        return new Affinity(null, 0, version);
    }

    private TrackedUnit tracked(String id) {
        return Objects.requireNonNull(tables.current().tracked().get(new UnitId(id)));
    }

    private static List<String> ids(List<TrackedUnit> units) {
        return units.stream().map(unit -> unit.id().value()).toList();
    }

    /** How many of 1000 requests each unit gets. */
    private Map<String, Integer> picks() {
        Map<String, Integer> picks = new TreeMap<>();
        for (int i = 0; i < 1000; i++) {
            Affinity affinity = Affinity.of(null, null, random);
            ServiceUnits.Pick pick = worker(affinity).pick(affinity, Set.of(), true, now);
            picks.merge(Objects.requireNonNull(pick).unit().id().value(), 1, Integer::sum);
        }
        return picks;
    }

    @Test
    void unitsOfVersionsWithoutAShareGetNothing() {
        show(up("one", "v1"), up("two", "v2"), up("three", "v3"), up("old", null));

        assertThat(ids(worker(Affinity.NONE).routable())).containsExactly("one", "two");
        assertThat(ids(worker(Affinity.NONE).reserved())).containsExactly("old", "three");
        assertThat(picks()).containsOnlyKeys("one", "two");
    }

    @Test
    void unitsOfVersionsWithoutAShareGetEverythingWhenTheyAreAllThereIs() {
        show(up("three", "v3"), up("old", null), unit("one", "v1", UnitState.DOWN));

        assertThat(picks()).containsOnlyKeys("three", "old");
    }

    @Test
    void oneInTenRequestsGoesToTheCanary() {
        show(up("one", "v1"), up("two", "v2"));

        assertThat(picks().get("two")).isCloseTo(100, within(30));
    }

    @Test
    void canaryThatIsLeftAloneLosesItsShareToTheOthers() {
        show(up("one", "v1"), up("two", "v2"));
        tracked("two").breaker().refused();

        assertThat(picks()).containsOnlyKeys("one");
    }

    @Test
    void allAttemptsOfARequestAreOfOneVersionAsLongAsItHasAUnitThatWasNotTried() {
        show(up("one-a", "v1"), up("one-b", "v1"), up("two-a", "v2"), up("two-b", "v2"));
        Affinity canary = new Affinity(null, 0.95, null);
        Set<TrackedUnit> tried = new HashSet<>();

        StringBuilder versions = new StringBuilder();
        for (int attempt = 0; attempt < 4; attempt++) {
            TrackedUnit picked =
                    Objects.requireNonNull(worker(canary).pick(canary, tried, true, now)).unit();
            versions.append(picked.version()).append(' ');
            tried.add(picked);
        }

        assertThat(versions).hasToString("v2 v2 v1 v1 ");
        assertThat(worker(canary).pick(canary, tried, true, now)).isNull();
    }

    @Test
    void pinnedRequestGoesToItsVersionAlone() {
        show(up("one", "v1"), up("two", "v2"), up("three", "v3"));

        assertThat(ids(worker(pinnedTo("v2")).routable())).containsExactly("two");
        assertThat(ids(worker(pinnedTo("v3")).routable())).containsExactly("three");
        assertThat(worker(pinnedTo("v3")).pick(pinnedTo("v3"), Set.of(tracked("three")), true, now))
                .isNull();
    }

    @Test
    void pinnedRequestIsToldWhatThereIsOfItsVersion() {
        show(up("one", "v1"), unit("two", "v2", UnitState.DOWN), up("three", "v3"));

        assertThat(worker(pinnedTo("v2")).whyNoneRoutable())
                .isEqualTo("service 'worker' has no routable unit of version 'v2': 1 DOWN");
        assertThat(worker(pinnedTo("v9")).whyNoneRoutable())
                .isEqualTo("service 'worker' has no routable unit of version 'v9'");
    }

    @Test
    void pinnedRequestWaitsForUnitsOfItsVersionAlone() {
        show(up("one", "v1"), unit("two", "v2", UnitState.RECOVERING));

        assertThat(worker(pinnedTo("v2")).returnExpectedForNanos(now, UNSAID)).isPositive();
        assertThat(worker(pinnedTo("v1")).returnExpectedForNanos(now, UNSAID)).isZero();
    }

    @Test
    void startsThatAGatewayBeginsWithAreNotNew() {
        show(up("one", "v1"));

        assertThat(tracked("one").share(now)).isEqualTo(1);
    }

    @Test
    void shareOfALaterStartGrowsFromWhenItIsFirstSeenRoutable() {
        show(up("one", "v1"), unit("two", "v1", UnitState.STARTING));
        now += Duration.ofSeconds(7).toNanos();
        show(up("one", "v1"), up("two", "v1"));
        long seen = now;

        assertThat(tracked("two").share(now)).isCloseTo(0.1, within(1e-9));
        now += Duration.ofSeconds(5).toNanos();
        show(up("one", "v1"), unit("two", "v1", UnitState.SUSPECT));
        show(up("one", "v1"), up("two", "v1"));
        assertThat(tracked("two").share(now)).isCloseTo(0.55, within(1e-9));
        assertThat(tracked("two").share(seen + Duration.ofSeconds(10).toNanos())).isEqualTo(1);
        assertThat(tracked("one").share(now)).isEqualTo(1);
    }

    @Test
    void nextIncarnationStartsSlowlyAgain() {
        show(up("one", "v1"), up("two", "v1"));

        show(up("one", "v1"), start("two", "v1", UnitState.UP, 2));

        assertThat(tracked("two").share(now)).isCloseTo(0.1, within(1e-9));
        assertThat(picks().get("two")).isCloseTo(91, within(30));
    }
}
