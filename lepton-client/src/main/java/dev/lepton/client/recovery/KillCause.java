package dev.lepton.client.recovery;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Why a process that lives is to be ended and started again. */
public enum KillCause {
    @JsonProperty("hung")
    HUNG,
    @JsonProperty("operator")
    OPERATOR,
    @JsonProperty("deploy")
    DEPLOY,
    /**
     * It is to fail on purpose: permitted only while every other unit of its service is up, nothing
     * of the service is being recovered, and none of its incidents is open.
     */
    @JsonProperty("drill")
    DRILL
}
