package dev.lepton.gateway.breaker;

/** Whether a unit is asked. */
public enum BreakerState {
    /** Asked like any other. */
    CLOSED,
    /** Left alone for a while. */
    OPEN,
    /** One request at a time finds out. */
    PROBING
}
