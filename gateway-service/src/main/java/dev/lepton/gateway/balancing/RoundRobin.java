package dev.lepton.gateway.balancing;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** Each candidate in turn, whatever it has to do. */
final class RoundRobin implements Balancer {

    private final AtomicInteger turn = new AtomicInteger();

    @Override
    public <U extends Load> U pick(List<U> candidates, long nowNanos) {
        return candidates.get(Math.floorMod(turn.getAndIncrement(), candidates.size()));
    }
}
