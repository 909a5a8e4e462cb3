package dev.lepton.client.recovery;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Why a process that lives is to be ended and started again. */
public enum KillCause {
    @JsonProperty("hung")
    HUNG,
    @JsonProperty("operator")
    OPERATOR,
    @JsonProperty("deploy")
    DEPLOY
}
