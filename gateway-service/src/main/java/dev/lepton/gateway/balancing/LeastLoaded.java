package dev.lepton.gateway.balancing;

import java.util.List;
import java.util.random.RandomGenerator;

/**
 * The least loaded candidate, where load is latency × (in-flight + 1) as in Finagle's peak EWMA
 * balancer. Up to {@value #COMPARE_ALL} candidates are all compared; of more, two random ones (the
 * power of two choices, Mitzenmacher 2001). Loads that differ by less than a factor of two count as
 * equal; of all compared, the least recently used of equals wins, and of two the one drawn first:
 * so equally fast units share the work, while one that is markedly slower gets a request only now
 * and then.
 *
 * <p>What is in flight at a unit is divided by its weight, the latency is not: a light unit that is
 * idle is not slower for that. When weights differ, the lot decides among equals, each winning as
 * often as it weighs: to take the one that waited longest for its weight would give a unit with a
 * tenth of all weight up to a fifth of the requests.
 *
 * <p>A unit that never answered has the load 0 while it is idle, and the highest of all while its
 * first request is pending: one request finds out about it alone.
 */
final class LeastLoaded implements Balancer {

    static final int COMPARE_ALL = 8;

    private static final double EQUAL_WITHIN = 2;
    private static final double UNKNOWN = 1e15;

    private final RandomGenerator random;
    private final Lottery lottery;

    LeastLoaded(RandomGenerator random) {
        this.random = random;
        this.lottery = new Lottery(Load::effectiveWeight, random);
    }

    @Override
    public <U extends Load> U pick(List<U> candidates, Affinity affinity, long nowNanos) {
        return candidates.size() <= COMPARE_ALL
                ? leastOfAll(candidates, nowNanos)
                : lessOfTwo(candidates, nowNanos);
    }

    private <U extends Load> U leastOfAll(List<U> candidates, long nowNanos) {
        double heaviest = 0;
        double lightest = Double.MAX_VALUE;
        for (U candidate : candidates) {
            heaviest = Math.max(heaviest, candidate.effectiveWeight(nowNanos));
            lightest = Math.min(lightest, candidate.effectiveWeight(nowNanos));
        }
        double least = Double.MAX_VALUE;
        for (U candidate : candidates) {
            least = Math.min(least, loadOf(candidate, heaviest, nowNanos));
        }
        return lightest == heaviest
                ? longestIdle(candidates, least, heaviest, nowNanos)
                : drawnByWeight(candidates, least, heaviest, nowNanos);
    }

    private static <U extends Load> U longestIdle(
            List<U> candidates, double least, double heaviest, long nowNanos) {
        U picked = candidates.getFirst();
        long longest = Long.MIN_VALUE;
        for (U candidate : candidates) {
            long idleNanos = nowNanos - candidate.lastPickedNanos();
            if (isLittle(loadOf(candidate, heaviest, nowNanos), least) && idleNanos > longest) {
                longest = idleNanos;
                picked = candidate;
            }
        }
        return picked;
    }

    private <U extends Load> U drawnByWeight(
            List<U> candidates, double least, double heaviest, long nowNanos) {
        U picked = candidates.getFirst();
        double weight = 0;
        for (U candidate : candidates) {
            if (isLittle(loadOf(candidate, heaviest, nowNanos), least)) {
                double own = candidate.effectiveWeight(nowNanos);
                weight += own;
                // In the end each has been left standing as often as it weighs.
                if (random.nextDouble() * weight < own) {
                    picked = candidate;
                }
            }
        }
        return picked;
    }

    /** Of two that are drawn by weight the first, which keeps to the weights, unless it is busy. */
    private <U extends Load> U lessOfTwo(List<U> candidates, long nowNanos) {
        int drawn = lottery.draw(candidates, Lottery.NONE, nowNanos);
        U first = candidates.get(drawn);
        U second = candidates.get(lottery.draw(candidates, drawn, nowNanos));
        double heaviest =
                Math.max(first.effectiveWeight(nowNanos), second.effectiveWeight(nowNanos));
        double load = loadOf(first, heaviest, nowNanos);
        double other = loadOf(second, heaviest, nowNanos);
        return isLittle(load, Math.min(load, other)) ? first : second;
    }

    private static boolean isLittle(double load, double least) {
        return load == least || load < EQUAL_WITHIN * least;
    }

    private static double loadOf(Load candidate, double heaviest, long nowNanos) {
        double latency = candidate.latencyNanos(nowNanos);
        double inFlight = candidate.inFlight() * heaviest / candidate.effectiveWeight(nowNanos);
        if (latency == 0) {
            return UNKNOWN * inFlight;
        }
        return latency * (inFlight + 1);
    }
}
