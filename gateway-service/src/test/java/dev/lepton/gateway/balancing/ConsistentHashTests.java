package dev.lepton.gateway.balancing;

import static dev.lepton.gateway.balancing.FakeUnit.unit;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConsistentHashTests {

    private static final int KEYS = 10_000;
    private static final Offset<Double> TWO_PERCENT = within(0.02);

    private final Balancer balancer =
            BalancerKind.CONSISTENT_HASH.create(ZonePreference.NONE, new Random(1));

    private static List<FakeUnit> units(int count) {
        return new ArrayList<>(
                IntStream.rangeClosed(1, count).mapToObj(i -> unit("worker-" + i)).toList());
    }

    private FakeUnit pick(List<FakeUnit> units, String key) {
        return balancer.pick(units, new Affinity(key, 0, null), 0);
    }

    /** The unit of each key while nothing is in flight. */
    private Map<String, String> homes(List<FakeUnit> units) {
        Map<String, String> homes = new HashMap<>();
        for (int i = 0; i < KEYS; i++) {
            homes.put("user-" + i, pick(units, "user-" + i).name);
        }
        return homes;
    }

    private static Map<String, Double> shares(Map<String, String> homes) {
        Map<String, Double> shares = new TreeMap<>();
        homes.values().forEach(unit -> shares.merge(unit, 1.0 / homes.size(), Double::sum));
        return shares;
    }

    @Test
    void hashIsTheSameInEveryGatewayOfEveryVersion() {
        assertThat(Hash.of("")).isEqualTo(0xf52a15e9a9b5e89bL);
        assertThat(Hash.of("worker-1")).isEqualTo(0xecd1384dda7e32f2L);
        assertThat(Hash.of("user 7")).isEqualTo(0xa74e393ba23a29bbL);
    }

    @Test
    void fractionOfAHashIsNeitherZeroNorOne() {
        Random random = new Random(1);
        for (int i = 0; i < KEYS; i++) {
            assertThat(Hash.fraction(random.nextLong())).isGreaterThan(0).isLessThan(1);
        }
    }

    @Test
    void keyHasTheSameUnitInWhateverOrderTheyStand() {
        List<FakeUnit> shuffled = units(7);
        Collections.shuffle(shuffled, new Random(1));

        assertThat(homes(shuffled)).isEqualTo(homes(units(7)));
    }

    @Test
    void keysAreSpreadEvenly() {
        assertThat(shares(homes(units(5))).values())
                .hasSize(5)
                .allSatisfy(share -> assertThat(share).isCloseTo(0.2, TWO_PERCENT));
    }

    @Test
    void keysAreSpreadAsTheWeightsSay() {
        List<FakeUnit> units =
                List.of(unit("a").weighing(100), unit("b").weighing(200), unit("c").weighing(700));

        Map<String, Double> shares = shares(homes(units));

        assertThat(shares.get("a")).isCloseTo(0.1, TWO_PERCENT);
        assertThat(shares.get("b")).isCloseTo(0.2, TWO_PERCENT);
        assertThat(shares.get("c")).isCloseTo(0.7, TWO_PERCENT);
    }

    @Test
    void whenAUnitGoesOnlyItsKeysMoveAndToAllOthersAlike() {
        Map<String, String> before = homes(units(5));
        List<FakeUnit> left = units(5);
        left.remove(2);

        Map<String, String> after = homes(left);

        Map<String, String> moved = new HashMap<>();
        after.forEach((key, unit) -> {
            if (!unit.equals(before.get(key))) {
                assertThat(before.get(key)).isEqualTo("worker-3");
                moved.put(key, unit);
            }
        });
        assertThat(moved).hasSizeBetween(KEYS / 5 - 200, KEYS / 5 + 200);
        assertThat(shares(moved).values())
                .hasSize(4)
                .allSatisfy(share -> assertThat(share).isCloseTo(0.25, within(0.05)));
    }

    @Test
    void whenAUnitComesOnlyTheKeysThatItGetsMove() {
        Map<String, String> before = homes(units(5));

        homes(units(6))
                .forEach((key, unit) -> {
                    if (!unit.equals(before.get(key))) {
                        assertThat(unit).isEqualTo("worker-6");
                    }
                });
    }

    /** Of keys that are all alike popular, and of one that everybody asks for. */
    @ParameterizedTest
    @ValueSource(ints = {1000, 10, 1})
    void noUnitEverHasMoreThanItsBoundInFlight(int keys) {
        Random random = new Random(keys);
        List<FakeUnit> units = units(7);
        Map<FakeUnit, Integer> inFlight = new HashMap<>();
        Set<FakeUnit> used = new HashSet<>();
        for (int begun = 1; begun <= 2000; begun++) {
            FakeUnit picked = pick(units, "user-" + random.nextInt(keys));
            used.add(picked);
            picked.busyWith(inFlight.merge(picked, 1, Integer::sum));

            assertThat(inFlight.get(picked))
                    .isLessThanOrEqualTo((int) Math.ceil(ConsistentHash.BOUND * begun / 7));
        }
        assertThat(used).hasSizeGreaterThanOrEqualTo(6);
    }

    @Test
    void boundGrowsWithTheWeight() {
        FakeUnit heavy = unit("heavy").weighing(200);
        FakeUnit light = unit("light").weighing(100);
        List<FakeUnit> units = List.of(heavy, light);
        String key =
                IntStream.range(0, KEYS)
                        .mapToObj(i -> "user-" + i)
                        .filter(user -> pick(units, user) == heavy)
                        .findFirst()
                        .orElseThrow();

        heavy.busyWith(4);
        assertThat(pick(units, key)).as("1.25 · 5 · 200 / 300 is more than 4").isSameAs(heavy);

        heavy.busyWith(5);
        assertThat(pick(units, key)).as("1.25 · 6 · 200 / 300 is 5").isSameAs(light);
    }

    @Test
    void keyWhoseUnitHasItsBoundGoesToTheSameOtherUnitAndComesBack() {
        List<FakeUnit> units = units(5);
        FakeUnit home = pick(units, "user");
        home.busyWith(10);

        FakeUnit next = pick(units, "user");
        assertThat(next).isNotSameAs(home);
        assertThat(pick(units, "user")).isSameAs(next);
        assertThat(units.remove(home)).isTrue();
        assertThat(pick(units, "user")).as("as if its unit was gone").isSameAs(next);

        units.add(home.busyWith(0));
        assertThat(pick(units, "user")).isSameAs(home);
    }

    @Test
    void requestWithoutAKeyGoesToTheLeastLoaded() {
        List<FakeUnit> units =
                List.of(
                        unit("a").busyWith(9),
                        unit("b"),
                        unit("c").busyWith(9),
                        unit("d").busyWith(9));

        assertThat(balancer.pick(units, Affinity.NONE, 0).name).isEqualTo("b");
    }
}
