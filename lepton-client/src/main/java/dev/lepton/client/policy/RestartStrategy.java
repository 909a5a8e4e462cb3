package dev.lepton.client.policy;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * Which units of a service on one node are started again when one has failed, in the words of the
 * OTP supervisor.
 */
public enum RestartStrategy {
    /** The failed one. */
    @JsonProperty("one-for-one")
    ONE_FOR_ONE,
    /** All of them: the others are stopped, in the reverse of their order, then all are started. */
    @JsonProperty("one-for-all")
    ONE_FOR_ALL,
    /** The failed one and those that come after it in the service's order. */
    @JsonProperty("rest-for-one")
    REST_FOR_ONE
}
