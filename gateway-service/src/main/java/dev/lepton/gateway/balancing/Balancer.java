package dev.lepton.gateway.balancing;

import java.util.List;

/** Picks the unit for a request; safe for many threads. */
public interface Balancer {

    /**
     * @param candidates at least one
     */
    <U extends Load> U pick(List<U> candidates, Affinity affinity, long nowNanos);
}
