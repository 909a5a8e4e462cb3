package dev.lepton.registry.incident;

import com.fasterxml.jackson.annotation.JsonProperty;

/** How an incident was closed. */
enum Ending {
    /** The unit serves again, by another start. */
    @JsonProperty("served")
    SERVED,
    /** The very start that was taken for failed beats again. */
    @JsonProperty("returned")
    RETURNED,
    /** An end of the unit was asked for meanwhile. */
    @JsonProperty("stopped")
    STOPPED,
    /** The unit has left the lists. */
    @JsonProperty("forgotten")
    FORGOTTEN
}
