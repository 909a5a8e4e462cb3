package dev.lepton.client.heartbeat;

import dev.lepton.client.unit.StartId;
import dev.lepton.client.unit.Texts;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The body of {@code PUT /v1/units/{id}/heartbeat}.
 *
 * @param startId the start that beats; one that does not hold the unit changes nothing
 * @param seq grows with each beat of a start, from 1
 * @param selfCheck null means {@code ok}, for programs that have none
 * @param completedRequests requests completed since the start
 * @param inFlight requests being worked on now
 * @param health status by health group, such as {@code readiness: UP}; at most 64 of them
 */
public record Heartbeat(
        StartId startId,
        long seq,
        SelfCheck selfCheck,
        long completedRequests,
        int inFlight,
        Map<String, String> health) {

    public Heartbeat(
            @Nullable StartId startId,
            long seq,
            @Nullable SelfCheck selfCheck,
            long completedRequests,
            int inFlight,
            @Nullable Map<String, String> health) {
        if (startId == null) {
            throw new IllegalArgumentException("'startId' is missing");
        }
        if (seq < 1) {
            throw new IllegalArgumentException("seq %d must be at least 1".formatted(seq));
        }
        if (completedRequests < 0 || inFlight < 0) {
            throw new IllegalArgumentException(
                    "completedRequests and inFlight must not be negative");
        }
        this.startId = startId;
        this.seq = seq;
        this.selfCheck = selfCheck == null ? SelfCheck.OK : selfCheck;
        this.completedRequests = completedRequests;
        this.inFlight = inFlight;
        this.health = Texts.checkedMap("health group", health);
    }
}
