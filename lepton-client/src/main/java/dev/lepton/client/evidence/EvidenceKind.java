package dev.lepton.client.evidence;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What was seen of a unit. */
public enum EvidenceKind {
    /** A supervisor's probe failed: a second witness to a silence, and no more than that. */
    @JsonProperty("probe-failed")
    PROBE_FAILED,
    /** Proven by its supervisor: the process lives and answers nothing. */
    @JsonProperty("hung")
    HUNG,
    /** A gateway does not reach it: moves no state, asks its supervisor for a probe. */
    @JsonProperty("unreachable")
    UNREACHABLE
}
