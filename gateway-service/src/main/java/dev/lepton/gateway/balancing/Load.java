package dev.lepton.gateway.balancing;

import org.jspecify.annotations.Nullable;

/** What a balancer may know of a unit. */
public interface Load {

    /** The {@link Hash} of its name; the next start has the same. */
    long hash();

    /** Its relative share of requests, 1 to 1000. */
    int weight();

    /** The part of its requests that it gets in its slow start, above 0; 1 afterwards. */
    double share(long nowNanos);

    /** The failure zone, null when it named none. */
    @Nullable String zone();

    /** The version of its program, null when it did not say. */
    @Nullable String version();

    /** Requests that were sent to the unit and are not finished. */
    int inFlight();

    /** How long the unit takes to answer, in nanoseconds; 0 when it never answered. */
    double latencyNanos(long nowNanos);

    /** When the unit was last picked, on the same clock as {@code nowNanos}. */
    long lastPickedNanos();

    default double effectiveWeight(long nowNanos) {
        return weight() * share(nowNanos);
    }
}
