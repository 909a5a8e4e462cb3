package dev.lepton.gateway.balancing;

import static dev.lepton.gateway.balancing.FakeUnit.unit;
import static dev.lepton.gateway.balancing.Picks.shares;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What part of the requests units of different weights get. */
class WeightsTests {

    private static final long SEED = 20261126;
    private static final Offset<Double> TWO_PERCENT = within(0.02);

    private static Balancer balancer(BalancerKind kind) {
        return kind.create(ZonePreference.NONE, new Random(SEED));
    }

    @ParameterizedTest
    @EnumSource(names = {"WEIGHTED", "LEAST_LOADED"})
    void unitsGetRequestsAsTheirWeightsSay(BalancerKind kind) {
        Map<String, Double> shares =
                shares(
                        balancer(kind),
                        unit("a").weighing(100),
                        unit("b").weighing(200),
                        unit("c").weighing(700));

        assertThat(shares.get("a")).isCloseTo(0.1, TWO_PERCENT);
        assertThat(shares.get("b")).isCloseTo(0.2, TWO_PERCENT);
        assertThat(shares.get("c")).isCloseTo(0.7, TWO_PERCENT);
    }

    @ParameterizedTest
    @EnumSource(names = {"WEIGHTED", "LEAST_LOADED"})
    void amongManyUnitsTheyDoSoToo(BalancerKind kind) {
        FakeUnit[] units =
                IntStream.rangeClosed(1, 12)
                        .mapToObj(i -> unit("u" + i).weighing(i < 12 ? 100 : 900))
                        .toArray(FakeUnit[]::new);

        Map<String, Double> shares = shares(balancer(kind), units);

        assertThat(shares.get("u12")).isCloseTo(0.45, TWO_PERCENT);
        assertThat(shares.get("u1")).isCloseTo(0.05, TWO_PERCENT);
    }

    @ParameterizedTest
    @EnumSource(names = {"ROUND_ROBIN", "RANDOM"})
    void balancersThatTakeAllAlikeLookAtNoWeight(BalancerKind kind) {
        Map<String, Double> shares =
                shares(balancer(kind), unit("a").weighing(1), unit("b").weighing(1000));

        assertThat(shares.get("a")).isCloseTo(0.5, TWO_PERCENT);
    }

    @Test
    void unitOfTwiceTheWeightMayHaveTwiceAsMuchInFlight() {
        List<FakeUnit> units =
                List.of(
                        unit("heavy").weighing(200).busyWith(4),
                        unit("light").weighing(100).busyWith(5));
        Balancer balancer = balancer(BalancerKind.LEAST_LOADED);

        List<String> picked = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            picked.add(balancer.pick(units, Affinity.NONE, 0).name);
        }

        assertThat(picked).containsOnly("heavy");
    }

    @Test
    void lotteryNeverDrawsTheOneThatIsLeftOut() {
        Lottery lottery = new Lottery(Load::effectiveWeight, new Random(SEED));
        List<FakeUnit> units = List.of(unit("a"), unit("b").weighing(1000), unit("c"));

        List<Integer> drawn =
                IntStream.range(0, 1000).mapToObj(i -> lottery.draw(units, 1, 0)).toList();

        assertThat(drawn).contains(0, 2).doesNotContain(1, Lottery.NONE);
    }
}
