package dev.lepton.gateway.balancing;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Units of the gateway's own zone before all others, as long as they are enough: Envoy's zone aware
 * routing, with an assumption in place of its knowledge of other gateways. This zone is taken to
 * get a certain share of all requests. When its units have at least that share of the capacity of
 * all candidates, everything stays here; else the part {@code own / expected} stays, and the rest
 * goes to the others. So no unit has more to do than without zones when the assumption holds.
 *
 * @param zone the gateway's own, null for no preference
 * @param share of all requests, that this zone gets; null for as much as each other zone of the
 *     candidates
 */
public record ZonePreference(@Nullable String zone, @Nullable Double share) {

    public static final ZonePreference NONE = new ZonePreference(null, null);

    Balancer before(Balancer balancer, RandomGenerator random) {
        return zone == null ? balancer : new InZone(zone, share, balancer, random);
    }

    private record InZone(
            String zone, @Nullable Double share, Balancer balancer, RandomGenerator random)
            implements Balancer {

        @Override
        public <U extends Load> U pick(List<U> candidates, Affinity affinity, long nowNanos) {
            List<U> here = new ArrayList<>(candidates.size());
            List<U> elsewhere = new ArrayList<>(candidates.size());
            double own = 0;
            double all = 0;
            for (U candidate : candidates) {
                double capacity = candidate.effectiveWeight(nowNanos);
                all += capacity;
                if (zone.equals(candidate.zone())) {
                    own += capacity;
                    here.add(candidate);
                } else {
                    elsewhere.add(candidate);
                }
            }
            if (here.isEmpty() || elsewhere.isEmpty()) {
                return balancer.pick(candidates, affinity, nowNanos);
            }
            double expected = all * (share == null ? 1.0 / zonesOf(candidates) : share);
            boolean stays = own >= expected || random.nextDouble() * expected < own;
            return balancer.pick(stays ? here : elsewhere, affinity, nowNanos);
        }

        /** Units that named none count as one zone. */
        private static int zonesOf(List<? extends Load> candidates) {
            Set<@Nullable String> zones = new HashSet<>();
            for (Load candidate : candidates) {
                zones.add(candidate.zone());
            }
            return zones.size();
        }
    }
}
