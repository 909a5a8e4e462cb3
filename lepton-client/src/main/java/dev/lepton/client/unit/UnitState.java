package dev.lepton.client.unit;

/** The states of a unit as everyone outside the registry sees them. */
public enum UnitState {
    /** Registered, no good beat yet. */
    STARTING,
    /** Beats, and its last self-check was answered. */
    UP,
    /** Silent for a while; may be wrong. */
    SUSPECT,
    /** Takes no new requests and finishes those it has. */
    DRAINING,
    /** Decided: silent for the whole lease, hung, or exited. */
    DOWN,
    /** A supervisor starts it again. */
    RECOVERING,
    /** Given up until a probation start or an operator. */
    QUARANTINED,
    /** Ended in order. */
    STOPPED
}
