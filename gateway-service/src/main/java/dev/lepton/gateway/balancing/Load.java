package dev.lepton.gateway.balancing;

/** What a balancer may know of a unit. */
public interface Load {

    /** Requests that were sent to the unit and are not finished. */
    int inFlight();

    /** How long the unit takes to answer, in nanoseconds; 0 when it never answered. */
    double latencyNanos(long nowNanos);

    /** When the unit was last picked, on the same clock as {@code nowNanos}. */
    long lastPickedNanos();
}
