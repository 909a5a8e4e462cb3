package dev.lepton.client.desired;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Whether a unit is wanted to run. */
public enum DesiredRun {
    @JsonProperty("run")
    RUN,
    @JsonProperty("stop")
    STOP
}
