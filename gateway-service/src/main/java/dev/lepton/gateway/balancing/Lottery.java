package dev.lepton.gateway.balancing;

import java.util.List;
import java.util.random.RandomGenerator;

/**
 * A candidate at random, each as often as it has tickets: lottery scheduling (Waldspurger and Weihl
 * 1994). It keeps nothing, so it is exact for whichever candidates a request has left, with tickets
 * that change in between, without a lock, and several gateways do not march in step; the smooth
 * weighted round robin of nginx has none of that. The price: of n requests the number that a unit
 * with the share p gets varies by √(n·p·(1-p)).
 */
final class Lottery implements Balancer {

    /** No index. */
    static final int NONE = -1;

    private final Tickets tickets;
    private final RandomGenerator random;

    /** How many tickets a candidate has, above 0. */
    @FunctionalInterface
    interface Tickets {
        double of(Load candidate, long nowNanos);
    }

    Lottery(Tickets tickets, RandomGenerator random) {
        this.tickets = tickets;
        this.random = random;
    }

    @Override
    public <U extends Load> U pick(List<U> candidates, Affinity affinity, long nowNanos) {
        return candidates.get(draw(candidates, NONE, nowNanos));
    }

    /**
     * The index of one of the candidates.
     *
     * @param without the index of one that has no tickets this time
     */
    int draw(List<? extends Load> candidates, int without, long nowNanos) {
        double all = 0;
        for (int i = 0; i < candidates.size(); i++) {
            all += i == without ? 0 : tickets.of(candidates.get(i), nowNanos);
        }
        double left = random.nextDouble() * all;
        int drawn = NONE;
        for (int i = 0; i < candidates.size() && left >= 0; i++) {
            if (i != without) {
                drawn = i;
                left -= tickets.of(candidates.get(i), nowNanos);
            }
        }
        return drawn;
    }
}
