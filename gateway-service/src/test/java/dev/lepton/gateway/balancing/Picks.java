package dev.lepton.gateway.balancing;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/** Many requests, one a millisecond, each over before the next: what part of them each unit got. */
final class Picks {

    static final int MANY = 10_000;

    /** What picks, whether or not it looks at versions first. */
    @FunctionalInterface
    interface Pick {
        FakeUnit from(List<FakeUnit> candidates, Affinity affinity, long nowNanos);
    }

    private Picks() {}

    static Map<String, Double> shares(Balancer balancer, FakeUnit... units) {
        return shares(balancer::pick, () -> Affinity.NONE, units);
    }

    static Map<String, Double> shares(Pick pick, Supplier<Affinity> requests, FakeUnit... units) {
        Map<String, Double> shares = new TreeMap<>();
        for (FakeUnit unit : units) {
            shares.put(unit.name, 0.0);
        }
        List<FakeUnit> candidates = List.of(units);
        long now = FakeUnit.MILLI;
        for (int i = 0; i < MANY; i++) {
            FakeUnit picked = pick.from(candidates, requests.get(), now);
            picked.lastPicked(now);
            shares.merge(picked.name, 1.0 / MANY, Double::sum);
            now += FakeUnit.MILLI;
        }
        return shares;
    }
}
