package dev.lepton.gateway.balancing;

import java.util.Random;

/** Ways to spread requests for tests of something else. */
public final class Balancings {

    private Balancings() {}

    /** One balancer, the same at each run, and nothing that zones or versions change. */
    public static Balancing plain(BalancerKind kind) {
        return new Balancing(kind.create(ZonePreference.NONE, new Random(1)), VersionShares.NONE);
    }
}
