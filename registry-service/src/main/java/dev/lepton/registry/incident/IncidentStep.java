package dev.lepton.registry.incident;

import java.time.Instant;

/**
 * A change of the log that concerns an incident, or the drill that has made it.
 *
 * @param event in the words of the change log
 */
record IncidentStep(Instant at, String event, String reason) {

    /** The event of the one step that a supervisor has reported: a drill has struck the unit. */
    static final String DRILL = "drill";

    /** Where that step stands: before everything that the change log tells, which begins at 1. */
    static final long DRILL_REVISION = 0;

    boolean ofDrill() {
        return event.equals(DRILL);
    }
}
