package dev.lepton.client.heartbeat;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What a unit's request to itself, through its own connector and request threads, showed last. */
public enum SelfCheck {
    /** Answered within the time. */
    @JsonProperty("ok")
    OK,
    /** Not answered in time, but other requests complete: slow, not hung. */
    @JsonProperty("late")
    LATE,
    /** Not answered, and no request completed meanwhile: hung. */
    @JsonProperty("unanswered")
    UNANSWERED
}
