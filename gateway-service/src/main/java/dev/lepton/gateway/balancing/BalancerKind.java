package dev.lepton.gateway.balancing;

import java.util.random.RandomGenerator;

/** The balancers that a setting can name. */
public enum BalancerKind {
    /** Each unit in turn. */
    ROUND_ROBIN,
    /** Any unit, all as often. */
    RANDOM,
    /** Any unit, each as often as its weight says. */
    WEIGHTED,
    /** The unit with the least work in flight, weighed by how fast it answered lately. */
    LEAST_LOADED,
    /** The unit of the request's key, unless it has much more to do than others. */
    CONSISTENT_HASH;

    public Balancer create(ZonePreference zone, RandomGenerator random) {
        return switch (this) {
            case ROUND_ROBIN -> zone.before(new RoundRobin(random), random);
            case RANDOM -> zone.before(new Lottery(Load::share, random), random);
            case WEIGHTED -> zone.before(new Lottery(Load::effectiveWeight, random), random);
            case LEAST_LOADED -> zone.before(new LeastLoaded(random), random);
            // A key has one unit, whichever gateway it comes in by.
            case CONSISTENT_HASH ->
                    new ConsistentHash(zone.before(new LeastLoaded(random), random));
        };
    }
}
