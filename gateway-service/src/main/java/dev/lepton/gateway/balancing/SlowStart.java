package dev.lepton.gateway.balancing;

import java.time.Duration;

/**
 * The share of its requests that a new start of a unit gets: it grows in a straight line, as with
 * HAProxy's {@code slowstart} and Envoy's {@code slow_start_config} of aggression 1, because a JVM
 * that is cold takes about six times the CPU for a request. Shares count in proportion to one
 * another, so a unit that is alone gets everything, and units that come together get the same. A
 * longer window spares cold units and loads the others for longer.
 *
 * @param window zero for none
 * @param minShare at the beginning, above 0: without requests nothing gets warm
 */
public record SlowStart(Duration window, double minShare) {

    public static final SlowStart OFF = new SlowStart(Duration.ZERO, 1);

    public double share(long ageNanos) {
        long windowNanos = window.toNanos();
        return ageNanos >= windowNanos
                ? 1
                : minShare + (1 - minShare) * Math.max(0, ageNanos) / windowNanos;
    }
}
