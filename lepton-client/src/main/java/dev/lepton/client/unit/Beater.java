package dev.lepton.client.unit;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Who sends a unit's beats; fixed at registration. */
public enum Beater {
    /** The unit itself, by the starter. */
    @JsonProperty("self")
    SELF,
    /** The supervisor of its node, for programs without the starter. */
    @JsonProperty("node")
    NODE
}
