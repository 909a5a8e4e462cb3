package dev.lepton.supervisor.runtime;

/** What is to follow the end of a run. */
public enum Next {
    /** Nothing, until the unit is started. */
    REST,
    /** Another run; a runtime that can end one and start the next in one step does both. */
    ANOTHER_RUN
}
