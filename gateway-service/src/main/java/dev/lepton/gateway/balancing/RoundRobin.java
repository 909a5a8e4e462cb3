package dev.lepton.gateway.balancing;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;

/**
 * Each candidate in turn, whatever it has to do. One in its slow start lets turns pass at random,
 * so that the share that it does not take goes to all others alike.
 */
final class RoundRobin implements Balancer {

    private final AtomicInteger turn = new AtomicInteger();
    private final RandomGenerator random;

    RoundRobin(RandomGenerator random) {
        this.random = random;
    }

    @Override
    public <U extends Load> U pick(List<U> candidates, Affinity affinity, long nowNanos) {
        double largest = 0;
        for (U candidate : candidates) {
            largest = Math.max(largest, candidate.share(nowNanos));
        }
        // The one with the largest share lets no turn pass, which ends this.
        while (true) {
            U next = candidates.get(Math.floorMod(turn.getAndIncrement(), candidates.size()));
            double share = next.share(nowNanos);
            if (share == largest || random.nextDouble() * largest < share) {
                return next;
            }
        }
    }
}
