package dev.lepton.gateway.balancing;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BalancersTests {

    private static final long MILLI = FakeUnit.MILLI;

    private long now = Duration.ofHours(1).toNanos();

    private FakeUnit unit(String name, int inFlight, double latencyMillis, long idleMillis) {
        return FakeUnit.unit(name)
                .busyWith(inFlight)
                .answeringIn(latencyMillis)
                .lastPicked(now - idleMillis * MILLI);
    }

    private FakeUnit leastLoaded(FakeUnit... units) {
        return new LeastLoaded(new Random(1)).pick(List.of(units), Affinity.NONE, now);
    }

    @Test
    void roundRobinTakesEachInTurn() {
        List<FakeUnit> units = List.of(unit("a", 9, 1, 0), unit("b", 0, 1, 0), unit("c", 0, 1, 0));
        Balancer balancer = new RoundRobin(new Random(1));

        List<String> picked =
                IntStream.range(0, 6)
                        .mapToObj(i -> balancer.pick(units, Affinity.NONE, now).name)
                        .toList();

        assertThat(picked).containsExactly("a", "b", "c", "a", "b", "c");
    }

    @Test
    void roundRobinSurvivesTheOverflowOfItsTurn() {
        RoundRobin balancer = new RoundRobin(new Random(1));
        List<FakeUnit> units = List.of(unit("a", 0, 1, 0), unit("b", 0, 1, 0));

        for (int i = 0; i < 5; i++) {
            assertThat(balancer.pick(units, Affinity.NONE, now)).isIn(units);
        }
    }

    @Test
    void theUnitWithLessInFlightTimesLatencyIsPicked() {
        FakeUnit picked =
                leastLoaded(
                        unit("busy", 9, 10, 50), unit("slow", 0, 200, 50), unit("idle", 0, 10, 1));

        assertThat(picked.name).isEqualTo("idle");
    }

    @Test
    void amongLoadsWithinAFactorOfTwoTheLeastRecentlyUsedIsPicked() {
        assertThat(leastLoaded(unit("a", 0, 10, 5), unit("b", 0, 19.9, 6)).name).isEqualTo("b");
        assertThat(leastLoaded(unit("a", 0, 10, 5), unit("b", 0, 20, 6)).name).isEqualTo("a");
    }

    @Test
    void aUnitThatNeverAnsweredIsAskedByOneRequestAtATime() {
        assertThat(leastLoaded(unit("known", 0, 1, 9), unit("new", 0, 0, 0)).name).isEqualTo("new");
        assertThat(leastLoaded(unit("known", 50, 100, 0), unit("new", 1, 0, 9)).name)
                .isEqualTo("known");
    }

    @Test
    void whenNoneEverAnsweredTheOneWithLeastInFlightIsPicked() {
        assertThat(leastLoaded(unit("a", 3, 0, 9), unit("b", 1, 0, 1), unit("c", 2, 0, 5)).name)
                .isEqualTo("b");
    }

    @Test
    void unitsOfEqualSpeedThatAreIdleShareTheRequestsEvenly() {
        Map<String, Long> lastPicked = new HashMap<>(Map.of("a", 0L, "b", 0L, "c", 0L));
        Map<String, Integer> counts = new HashMap<>();
        Balancer balancer = new LeastLoaded(new Random(1));

        for (int i = 0; i < 300; i++) {
            now += MILLI;
            List<FakeUnit> units = new ArrayList<>();
            lastPicked.forEach((name, at) -> units.add(FakeUnit.unit(name).lastPicked(at)));
            String picked = balancer.pick(units, Affinity.NONE, now).name;
            lastPicked.put(picked, now);
            counts.merge(picked, 1, Integer::sum);
        }

        assertThat(counts.values()).containsOnly(100);
    }

    @Test
    void ofManyUnitsTwoRandomOnesAreComparedAndTheWorstIsNeverPicked() {
        List<FakeUnit> units = new ArrayList<>();
        for (int i = 0; i < LeastLoaded.COMPARE_ALL + 1; i++) {
            units.add(unit("u" + i, i == 4 ? 1000 : 1, 5, 10));
        }
        Balancer balancer = new LeastLoaded(new Random(7));

        List<String> picked =
                IntStream.range(0, 1000)
                        .mapToObj(i -> balancer.pick(units, Affinity.NONE, now).name)
                        .toList();

        assertThat(picked).doesNotContain("u4");
        assertThat(picked.stream().distinct().count()).isEqualTo(LeastLoaded.COMPARE_ALL);
    }

    @Test
    void peakLatencyRisesAtOnceAndFallsWithTime() {
        PeakEwma calm = PeakEwma.UNKNOWN.observe(5 * MILLI, now);

        PeakEwma peak = calm.observe(500 * MILLI, now + MILLI);

        assertThat(peak.costNanos()).isEqualTo(500 * MILLI);
        assertThat(peak.at(now + MILLI)).isEqualTo(500 * MILLI);
        assertThat(peak.at(now + MILLI + Duration.ofSeconds(2).toNanos()))
                .isBetween(183.0 * MILLI, 185.0 * MILLI);
        assertThat(peak.observe(5 * MILLI, now + Duration.ofSeconds(20).toNanos()).costNanos())
                .isBetween(5.0 * MILLI, 5.1 * MILLI);
    }

    @Test
    void unknownLatencyStaysUnknownUntilAnAnswer() {
        assertThat(PeakEwma.UNKNOWN.at(now)).isZero();
        assertThat(PeakEwma.UNKNOWN.observe(0, now).at(now)).isPositive();
    }
}
