package dev.lepton.client.incident;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What failed. */
public enum IncidentCause {
    /** The process ended by itself, or by a signal that nobody here sent. */
    @JsonProperty("exited")
    EXITED,
    /** The process ended because there was no memory left, in its own heap or for the machine. */
    @JsonProperty("out-of-memory")
    OUT_OF_MEMORY,
    /** The process lives and answers nothing. */
    @JsonProperty("hung")
    HUNG,
    /** The process is stopped, as by SIGSTOP. */
    @JsonProperty("stopped")
    STOPPED,
    /** Nothing was heard of the unit for the whole lease. */
    @JsonProperty("silent")
    SILENT,
    /** It was not ready by its start deadline, or could not be started at all. */
    @JsonProperty("start-failed")
    START_FAILED
}
