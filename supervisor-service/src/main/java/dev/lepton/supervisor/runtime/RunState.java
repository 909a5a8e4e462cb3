package dev.lepton.supervisor.runtime;

/** What the operating system, or the container engine, says of a run. */
public enum RunState {
    RUNNING,
    /** Stopped by a signal or paused: it lives, and does nothing. */
    STOPPED,
    GONE
}
