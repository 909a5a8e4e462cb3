package dev.lepton.gateway.balancing;

import java.util.List;

/**
 * How the requests for one service are spread over its units.
 *
 * @param balancer picks among the units of the version that a request falls to
 */
public record Balancing(Balancer balancer, VersionShares versions) {

    /**
     * @param candidates at least one
     */
    public <U extends Load> U pick(List<U> candidates, Affinity affinity, long nowNanos) {
        return balancer.pick(versions.narrow(candidates, affinity.draw()), affinity, nowNanos);
    }
}
