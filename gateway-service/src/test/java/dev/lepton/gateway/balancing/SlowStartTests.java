package dev.lepton.gateway.balancing;

import static dev.lepton.gateway.balancing.FakeUnit.unit;
import static dev.lepton.gateway.balancing.Picks.shares;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class SlowStartTests {

    private static final long SEED = 20261126;
    private static final Offset<Double> TWO_PERCENT = within(0.02);

    private final SlowStart slowStart = new SlowStart(Duration.ofSeconds(10), 0.1);

    private static Balancer balancer(BalancerKind kind) {
        return kind.create(ZonePreference.NONE, new Random(SEED));
    }

    private double shareAt(Duration age) {
        return slowStart.share(age.toNanos());
    }

    @ParameterizedTest
    @CsvSource({"0, 0.1", "1000, 0.19", "5000, 0.55", "9999, 0.99991", "10000, 1", "10001, 1"})
    void shareGrowsInAStraightLine(long ageMillis, double share) {
        assertThat(shareAt(Duration.ofMillis(ageMillis))).isCloseTo(share, within(1e-9));
    }

    @Test
    void withoutAWindowThereIsNoSlowStart() {
        assertThat(new SlowStart(Duration.ZERO, 0.1).share(0)).isEqualTo(1);
        assertThat(SlowStart.OFF.share(0)).isEqualTo(1);
    }

    /** Besides two units that are warm: of 2.1, 2.55 and 3 shares in all. */
    @ParameterizedTest
    @EnumSource(names = "CONSISTENT_HASH", mode = EnumSource.Mode.EXCLUDE)
    void newUnitGetsItsShareByEveryBalancer(BalancerKind kind) {
        for (int seconds : List.of(0, 5, 10)) {
            double share = shareAt(Duration.ofSeconds(seconds));

            Map<String, Double> shares =
                    shares(
                            balancer(kind),
                            unit("new").sharing(share),
                            unit("warm-1"),
                            unit("warm-2"));

            assertThat(shares.get("new"))
                    .as("%s after %d s", kind, seconds)
                    .isCloseTo(share / (2 + share), TWO_PERCENT);
            assertThat(shares.get("warm-1")).isCloseTo(shares.get("warm-2"), TWO_PERCENT);
        }
    }

    @ParameterizedTest
    @EnumSource(names = "CONSISTENT_HASH", mode = EnumSource.Mode.EXCLUDE)
    void unitsThatAreAllNewShareEvenly(BalancerKind kind) {
        Map<String, Double> shares =
                shares(balancer(kind), unit("a").sharing(0.1), unit("b").sharing(0.1));

        assertThat(shares.get("a")).isCloseTo(0.5, TWO_PERCENT);
    }

    @ParameterizedTest
    @EnumSource
    void newUnitThatIsAloneGetsEverything(BalancerKind kind) {
        assertThat(shares(balancer(kind), unit("new").sharing(0.1)).get("new"))
                .isCloseTo(1, within(1e-6));
    }

    @Test
    void newUnitHasAllItsKeysAtOnce() {
        Balancer balancer = balancer(BalancerKind.CONSISTENT_HASH);
        List<FakeUnit> cold = List.of(unit("a").sharing(0.1), unit("b"), unit("c"));
        List<FakeUnit> warm = List.of(unit("a"), unit("b"), unit("c"));

        assertThat(homes(balancer, cold)).isEqualTo(homes(balancer, warm)).contains("a");
    }

    private static List<String> homes(Balancer balancer, List<FakeUnit> units) {
        return IntStream.range(0, 1000)
                .mapToObj(i -> balancer.pick(units, new Affinity("k" + i, 0, null), 0).name)
                .toList();
    }
}
