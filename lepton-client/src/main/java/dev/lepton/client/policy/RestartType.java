package dev.lepton.client.policy;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Which ends of a unit call for a restart, in the words of the OTP supervisor. */
public enum RestartType {
    /** Always. */
    @JsonProperty("permanent")
    PERMANENT,
    /** Only after a failure: any end but exit code 0. */
    @JsonProperty("transient")
    TRANSIENT,
    /** Never. */
    @JsonProperty("temporary")
    TEMPORARY
}
