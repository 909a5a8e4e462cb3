package dev.lepton.gateway.balancing;

import static dev.lepton.gateway.balancing.FakeUnit.unit;
import static dev.lepton.gateway.balancing.Picks.shares;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ZonePreferenceTests {

    private static final Offset<Double> NONE_BUT_ROUNDING = within(1e-6);
    private static final Offset<Double> TWO_PERCENT = within(0.02);

    private static Balancer inZone(String zone, @Nullable Double share) {
        return BalancerKind.ROUND_ROBIN.create(
                new ZonePreference(zone, share), new Random(20261126));
    }

    private static FakeUnit[] units(int here, int there) {
        return IntStream.range(0, here + there)
                .mapToObj(i -> unit((i < here ? "a" : "b") + i).in(i < here ? "a" : "b"))
                .toArray(FakeUnit[]::new);
    }

    private static double here(Map<String, Double> shares) {
        return shares.entrySet().stream()
                .filter(share -> share.getKey().startsWith("a"))
                .mapToDouble(Map.Entry::getValue)
                .sum();
    }

    @Test
    void everythingStaysWhileTheZoneHasItsPartOfTheUnits() {
        assertThat(here(shares(inZone("a", null), units(2, 2)))).isCloseTo(1, NONE_BUT_ROUNDING);
        assertThat(here(shares(inZone("a", null), units(3, 2)))).isCloseTo(1, NONE_BUT_ROUNDING);
    }

    @Test
    void whatTheZoneLacksGoesElsewhere() {
        // Half of four units would be enough for half of the requests.
        assertThat(here(shares(inZone("a", null), units(1, 3)))).isCloseTo(0.5, TWO_PERCENT);
        assertThat(here(shares(inZone("a", null), units(2, 3)))).isCloseTo(0.8, TWO_PERCENT);
    }

    @Test
    void shareThatIsSetReplacesTheAssumption() {
        // The only gateway there is.
        assertThat(here(shares(inZone("a", 1.0), units(1, 3)))).isCloseTo(0.25, TWO_PERCENT);
        assertThat(here(shares(inZone("a", 0.25), units(1, 3)))).isCloseTo(1, NONE_BUT_ROUNDING);
    }

    @Test
    void capacityCountsByWeightAndSlowStart() {
        FakeUnit[] light = {unit("a").in("a").weighing(100), unit("b").in("b").weighing(300)};
        FakeUnit[] cold = {unit("a").in("a").sharing(0.1), unit("b").in("b")};

        assertThat(here(shares(inZone("a", null), light))).isCloseTo(0.5, TWO_PERCENT);
        // 0.1 of the 0.55 that would be half.
        assertThat(here(shares(inZone("a", null), cold))).isCloseTo(0.1 / 0.55, TWO_PERCENT);
    }

    @Test
    void withoutAUnitInTheZoneAllOthersShare() {
        Map<String, Double> shares =
                shares(inZone("a", null), unit("b").in("b"), unit("c").in("c"), unit("none"));

        assertThat(shares.values())
                .allSatisfy(share -> assertThat(share).isCloseTo(1.0 / 3, TWO_PERCENT));
    }

    @Test
    void withAGatewayInEachZoneAllUnitsHaveTheSameToDo() {
        Map<String, Double> fromA = shares(inZone("a", null), units(1, 3));
        Map<String, Double> fromB = shares(inZone("b", null), units(1, 3));

        fromA.forEach((unit, share) ->
                assertThat((share + fromB.get(unit)) / 2).as(unit).isCloseTo(0.25, TWO_PERCENT));
    }

    @ParameterizedTest
    @EnumSource
    void everyBalancerPrefersTheZoneForRequestsWithoutAKey(BalancerKind kind) {
        Balancer balancer = kind.create(new ZonePreference("a", null), new Random(1));

        assertThat(here(shares(balancer, units(2, 2)))).isCloseTo(1, NONE_BUT_ROUNDING);
    }

    @Test
    void keyHasTheSameUnitInEveryZone() {
        List<FakeUnit> units = List.of(units(2, 2));
        Balancer fromA =
                BalancerKind.CONSISTENT_HASH.create(new ZonePreference("a", null), new Random(1));
        Balancer fromB =
                BalancerKind.CONSISTENT_HASH.create(new ZonePreference("b", null), new Random(1));

        for (int i = 0; i < 1000; i++) {
            Affinity key = new Affinity("user-" + i, 0, null);
            assertThat(fromA.pick(units, key, 0)).isSameAs(fromB.pick(units, key, 0));
        }
    }
}
