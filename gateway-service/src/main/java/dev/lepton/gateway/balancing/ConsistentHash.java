package dev.lepton.gateway.balancing;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The unit of the request's key, by rendezvous hashing (Thaler and Ravishankar 1998): for each key
 * every unit has a score, and the highest wins. When a unit goes only its keys move, and to all
 * others alike; when it comes back they return. Weights count as in Schindelhauer and Schomaker
 * 2005: with the score {@code weight / -ln(u)}, u even between 0 and 1, a unit has as many keys as
 * its weight says. Nothing is kept, so gateways agree without a word; a ring would need a hundred
 * points for each unit to be as even, and to be built anew with every change.
 *
 * <p>The load is bounded as in Mirrokni, Thorup and Zadimoghaddam 2016: a unit that has {@value
 * #BOUND} times its part of what is in flight is passed over, and the next score wins. A lower
 * bound evens the load out and moves more keys; a higher one does the opposite.
 *
 * <p>Slow start does not count: a key that went elsewhere for ten seconds would find two cold
 * caches in place of one.
 */
final class ConsistentHash implements Balancer {

    static final double BOUND = 1.25;

    private final Balancer withoutKey;

    /**
     * @param withoutKey for requests without a key
     */
    ConsistentHash(Balancer withoutKey) {
        this.withoutKey = withoutKey;
    }

    @Override
    public <U extends Load> U pick(List<U> candidates, Affinity affinity, long nowNanos) {
        String key = affinity.key();
        if (key == null || candidates.size() == 1) {
            return withoutKey.pick(candidates, affinity, nowNanos);
        }
        // This request counts too, so that there is always a unit that has less than its bound.
        long inFlight = 1;
        long weight = 0;
        for (U candidate : candidates) {
            inFlight += candidate.inFlight();
            weight += candidate.weight();
        }
        long hash = Hash.of(key);
        U home = candidates.getFirst();
        double highest = Double.NEGATIVE_INFINITY;
        @Nullable U free = null;
        double highestFree = Double.NEGATIVE_INFINITY;
        for (U candidate : candidates) {
            double score = score(candidate, hash);
            if (score > highest) {
                highest = score;
                home = candidate;
            }
            double most = BOUND * inFlight * candidate.weight();
            if (score > highestFree && candidate.inFlight() * weight < most) {
                highestFree = score;
                free = candidate;
            }
        }
        // There is none only when requests have begun since they were counted.
        return free == null ? home : free;
    }

    private static double score(Load candidate, long key) {
        return candidate.weight() / -Math.log(Hash.fraction(key ^ candidate.hash()));
    }
}
