package dev.lepton.registry.simulation.kernel;

/** A safeguard that a test takes away, to show that the simulation would notice. */
public enum Weakness {
    NONE,
    /** PostgreSQL stores the changes of a leader that was deposed. */
    NO_EPOCH_GUARD,
    /** What names another start is taken for the holder's. */
    NO_START_ID_CHECK,
    /** A new leader goes on with the leases as it knows them. */
    NO_FRESH_LEASES_FOR_A_NEW_LEADER,
    /** A look that came late judges like any other. */
    NO_FRESH_LEASES_AFTER_A_LATE_LOOK,
    /** Silence counts behind a replica that stores nothing. */
    NO_REPLICA_MARK,
    /** The start-id is written down after the process is started. */
    NO_START_ID_ON_DISK,
    /** The number of a change that was not stored is used up. */
    NUMBERS_FROM_A_SEQUENCE,
    /** A row is stored whatever was stored before it. */
    NO_COMPARE_AND_SET,
    /** A registration and an exit are acknowledged before they are stored. */
    ACKNOWLEDGED_BEFORE_STORED,
    /** The leader looks and decides nothing. */
    NO_SWEEP,
    /** Silence may take all units at once. */
    NO_CAP_ON_SILENCE,
    /** A leader counts only what it has taken itself. */
    NO_COUNT_OF_OTHERS_TAKINGS,
    /** A unit is restarted once the registry has taken the report of its end. */
    RESTARTS_WAIT_FOR_THE_REGISTRY,
    /** A good beat ends a drain. */
    BEATS_END_DRAINS,
    /** Whoever flaps is kept out, however few others are up. */
    ALL_THAT_FLAP_ARE_KEPT_OUT,
    /** Two permits are decided on at once. */
    NO_LOCK_ON_PERMITS,
    /** A live process is killed whatever the registry says. */
    KILLS_WITHOUT_PERMITS,
    /** The process of an exclusive unit goes on, though no registry confirms it. */
    NO_FENCE,
    /** It counts from the answer, not from when it sent what is answered. */
    FENCE_FROM_THE_ANSWER,
    /** The repeat of a registration counts as if it had been stored just now. */
    REPEATS_CONFIRM,
    /** A replica says from its view alone that nobody is a unit, or that a start is over. */
    REFUSALS_FROM_MEMORY,
    /** Nothing but a notification makes a replica read the log. */
    NOTIFICATIONS_ALONE
}
