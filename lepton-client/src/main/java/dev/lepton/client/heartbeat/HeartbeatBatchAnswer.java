package dev.lepton.client.heartbeat;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.lepton.client.unit.UnitId;
import dev.lepton.client.unit.UnitState;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The answer to a batch of beats: an outcome for each, in the order of the batch. */
public record HeartbeatBatchAnswer(
        boolean stored,
        Duration heartbeatInterval,
        Duration heartbeatTimeout,
        List<UnitOutcome> outcomes) {

    /**
     * What became of one beat.
     *
     * @param state the unit's state, null unless accepted
     * @param fence null unless accepted and the unit is exclusive
     */
    public record UnitOutcome(
            UnitId unitId, Outcome outcome, @Nullable UnitState state, @Nullable FenceTerms fence) {

        /** The outcome for a unit that is not exclusive. */
        public UnitOutcome(UnitId unitId, Outcome outcome, @Nullable UnitState state) {
            this(unitId, outcome, state, null);
        }
    }

    /** The outcomes of a beat; those of the single-beat call as statuses 200, 404, 409 and 503. */
    public enum Outcome {
        @JsonProperty("accepted")
        ACCEPTED,
        @JsonProperty("not-registered")
        NOT_REGISTERED,
        @JsonProperty("superseded")
        SUPERSEDED,
        /** The registry cannot tell now, because PostgreSQL does not answer. */
        @JsonProperty("unknown")
        UNKNOWN
    }
}
