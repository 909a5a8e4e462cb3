package dev.lepton.starter.membership;

/** Where the unit stands with the registry, as far as the unit knows. */
public enum Standing {
    /** The web server is not ready. */
    NOT_STARTED,
    /** Not registered yet, or forgotten by the registry: tries. */
    REGISTERING,
    /** Another start holds the unit: waits for its lease to end. */
    WAITING_FOR_UNIT,
    /** Registered: beats. */
    MEMBER,
    /** Another start has become the unit: this one is over for the registry. */
    SUPERSEDED,
    /** Deregistered. */
    LEFT
}
