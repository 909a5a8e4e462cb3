package dev.lepton.client.recovery;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What a supervisor does next about a unit whose start has ended. */
public enum RecoveryStep {
    /** It starts the unit again, now or after a delay. */
    @JsonProperty("restarting")
    RESTARTING,
    /** The restart budget is spent, or the end is not retried. */
    @JsonProperty("gave-up")
    GAVE_UP,
    /** It starts a quarantined unit on trial. */
    @JsonProperty("probation")
    PROBATION
}
