package dev.lepton.registry.lifecycle;

import java.util.Locale;

/** Why a unit moved, as the change log says it. */
public enum MoveKind {
    REGISTERED,
    /** The first good beat of a start. */
    STARTED,
    /** The first good beat of a start after a failure. */
    RECOVERED,
    /** A suspected unit beats again. */
    BEATS_AGAIN,
    /** A unit that was taken for down beats. */
    RETURNED,
    /** A unit that flaps beats, and is kept out for a while. */
    HELD_OUT,
    SUSPECTED,
    LEASE_EXPIRED,
    PRESERVING,
    PROBE_FAILED,
    HUNG,
    START_DEADLINE,
    EXITED,
    STOPPED,
    DEREGISTERED,
    DRAIN,
    /** The lease of a draining unit ended. */
    DRAIN_ENDED,
    UNDRAIN,
    RESTARTING,
    QUARANTINED,
    PROBATION,
    REMOVED,
    FORGOTTEN;

    /** The word in the change log, such as {@code lease-expired}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
