package dev.lepton.gateway.balancing;

import java.util.random.RandomGenerator;

/** The balancers that a setting can name. */
public enum BalancerKind {
    /** Each unit in turn. */
    ROUND_ROBIN,
    /** The unit with the least work in flight, weighed by how fast it answered lately. */
    LEAST_LOADED;

    public Balancer create(RandomGenerator random) {
        return switch (this) {
            case ROUND_ROBIN -> new RoundRobin();
            case LEAST_LOADED -> new LeastLoaded(random);
        };
    }
}
