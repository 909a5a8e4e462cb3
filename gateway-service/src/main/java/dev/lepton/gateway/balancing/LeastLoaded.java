package dev.lepton.gateway.balancing;

import java.util.List;
import java.util.random.RandomGenerator;

/**
 * The least loaded candidate, where load is latency × (in-flight + 1) as in Finagle's peak EWMA
 * balancer. Up to {@value #COMPARE_ALL} candidates are all compared; of more, two random ones (the
 * power of two choices, Mitzenmacher 2001). Loads that differ by less than a factor of two count as
 * equal, and among equals the least recently used wins: so equally fast units share the work, while
 * one that is markedly slower gets a request only now and then.
 *
 * <p>A unit that never answered has the load 0 while it is idle, and the highest of all while its
 * first request is pending: one request finds out about it alone.
 */
final class LeastLoaded implements Balancer {

    static final int COMPARE_ALL = 8;

    private static final double EQUAL_WITHIN = 2;
    private static final double UNKNOWN = 1e15;

    private final RandomGenerator random;

    LeastLoaded(RandomGenerator random) {
        this.random = random;
    }

    @Override
    public <U extends Load> U pick(List<U> candidates, long nowNanos) {
        int size = candidates.size();
        if (size <= COMPARE_ALL) {
            return leastOf(candidates, nowNanos);
        }
        int first = random.nextInt(size);
        int second = (first + 1 + random.nextInt(size - 1)) % size;
        return leastOf(List.of(candidates.get(first), candidates.get(second)), nowNanos);
    }

    private static <U extends Load> U leastOf(List<U> candidates, long nowNanos) {
        double least = Double.MAX_VALUE;
        for (U candidate : candidates) {
            least = Math.min(least, loadOf(candidate, nowNanos));
        }
        U picked = candidates.getFirst();
        long oldest = Long.MIN_VALUE;
        for (U candidate : candidates) {
            double load = loadOf(candidate, nowNanos);
            long idleNanos = nowNanos - candidate.lastPickedNanos();
            if ((load == least || load < EQUAL_WITHIN * least) && idleNanos > oldest) {
                oldest = idleNanos;
                picked = candidate;
            }
        }
        return picked;
    }

    private static double loadOf(Load candidate, long nowNanos) {
        double latency = candidate.latencyNanos(nowNanos);
        int inFlight = candidate.inFlight();
        if (latency == 0) {
            return inFlight == 0 ? 0 : UNKNOWN * inFlight;
        }
        return latency * (inFlight + 1);
    }
}
