package dev.lepton.gateway.balancing;

import static dev.lepton.gateway.balancing.FakeUnit.unit;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class VersionSharesTests {

    private static final Offset<Double> TWO_PERCENT = within(0.02);

    private final VersionShares canary = VersionShares.of(Map.of("v1", 90, "v2", 10));
    private final FakeUnit old1 = unit("old-1").of("v1");
    private final FakeUnit old2 = unit("old-2").of("v1");
    private final FakeUnit fresh = unit("fresh").of("v2");
    private final FakeUnit other = unit("other").of("v3");

    private static Map<String, Double> shares(VersionShares versions, FakeUnit... units) {
        Balancing balancing =
                new Balancing(
                        BalancerKind.ROUND_ROBIN.create(ZonePreference.NONE, new Random(1)),
                        versions);
        Random random = new Random(20261126);
        return Picks.shares(balancing::pick, () -> Affinity.of(null, null, random), units);
    }

    private List<FakeUnit> of(String key, VersionShares versions) {
        return versions.narrow(
                List.of(old1, old2, fresh), Affinity.of(key, null, new Random(1)).draw());
    }

    @Test
    void versionsGetTheirPercentageHoweverManyUnitsTheyHave() {
        Map<String, Double> shares = shares(canary, old1, old2, fresh);

        assertThat(shares.get("fresh")).isCloseTo(0.1, TWO_PERCENT);
        assertThat(shares.get("old-1")).isCloseTo(0.45, TWO_PERCENT);
        assertThat(shares.get("old-2")).isCloseTo(0.45, TWO_PERCENT);
    }

    @Test
    void shareOfAVersionWithoutUnitsGoesToTheOthersInProportion() {
        VersionShares three = VersionShares.of(Map.of("v1", 60, "v2", 20, "v3", 20));

        Map<String, Double> shares = shares(three, old1, fresh);

        assertThat(shares.get("old-1")).isCloseTo(0.75, TWO_PERCENT);
        assertThat(shares.get("fresh")).isCloseTo(0.25, TWO_PERCENT);
    }

    @Test
    void withoutSharesVersionsMakeNoDifference() {
        List<FakeUnit> units = List.of(old1, fresh, other);

        assertThat(VersionShares.NONE.narrow(units, 0.99)).isEqualTo(units);
        assertThat(VersionShares.NONE.open(units)).isEqualTo(units);
    }

    @Test
    void versionsWithoutAShareAreOpenOnlyWhenNoOtherIsThere() {
        VersionShares off = VersionShares.of(Map.of("v1", 100, "v2", 0));
        FakeUnit nameless = unit("nameless");

        assertThat(off.open(List.of(old1, fresh, other, nameless))).containsExactly(old1);
        assertThat(off.open(List.of(fresh, other, nameless)))
                .containsExactly(fresh, other, nameless);
        assertThat(off.narrow(List.of(fresh, other), 0.5)).containsExactly(fresh, other);
    }

    @Test
    void requestsWithTheSameKeyFallToTheSameVersion() {
        Map<List<FakeUnit>, Integer> users = new HashMap<>();
        for (int i = 0; i < Picks.MANY; i++) {
            List<FakeUnit> units = of("user-" + i, canary);
            assertThat(of("user-" + i, canary)).isEqualTo(units);
            users.merge(units, 1, Integer::sum);
        }

        assertThat(users.get(List.of(fresh)) / (double) Picks.MANY).isCloseTo(0.1, TWO_PERCENT);
    }

    @Test
    void whoeverHasTheNewVersionKeepsItWhenItsShareGrows() {
        VersionShares half = VersionShares.of(Map.of("v1", 50, "v2", 50));

        assertThat(IntStream.range(0, 1000).mapToObj(i -> "user-" + i))
                .filteredOn(user -> of(user, canary).contains(fresh))
                .isNotEmpty()
                .allSatisfy(user -> assertThat(of(user, half)).containsExactly(fresh));
    }
}
