package dev.lepton.client.incident;

import dev.lepton.client.unit.NodeName;
import dev.lepton.client.unit.ServiceName;
import dev.lepton.client.unit.StartId;
import dev.lepton.client.unit.Texts;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The body of {@code PUT /v1/units/{id}/incidents/{startId}}: what the unit's supervisor knows of
 * the failure of a start. It is sent again as more is known; what was known before stays.
 *
 * @param lastWellAt when the unit was last seen well, by the supervisor's clock, as all instants
 *     here
 * @param detectedAt when the failure was seen
 * @param decidedAt when it was decided what to do
 * @param startedAt when the next process was started
 * @param servedAt when that one was ready
 * @param nextStartId the start that replaces the failed one
 * @param exitCode null when a signal ended it or it is unknown
 * @param decidedBy who decided, such as {@code supervisor of node-a}
 * @param decision what was decided and why, at most 500 characters
 * @param reason what happened, at most 500 characters
 * @param drill null unless it was made on purpose
 */
public record IncidentReport(
        ServiceName service,
        @Nullable NodeName node,
        IncidentCause cause,
        @Nullable Instant lastWellAt,
        Instant detectedAt,
        @Nullable Instant decidedAt,
        @Nullable Instant startedAt,
        @Nullable Instant servedAt,
        @Nullable StartId nextStartId,
        @Nullable Integer exitCode,
        @Nullable Integer signal,
        @Nullable String decidedBy,
        @Nullable String decision,
        @Nullable String reason,
        @Nullable BlackBox blackBox,
        @Nullable Drill drill) {

    public IncidentReport(
            @Nullable ServiceName service,
            @Nullable NodeName node,
            @Nullable IncidentCause cause,
            @Nullable Instant lastWellAt,
            @Nullable Instant detectedAt,
            @Nullable Instant decidedAt,
            @Nullable Instant startedAt,
            @Nullable Instant servedAt,
            @Nullable StartId nextStartId,
            @Nullable Integer exitCode,
            @Nullable Integer signal,
            @Nullable String decidedBy,
            @Nullable String decision,
            @Nullable String reason,
            @Nullable BlackBox blackBox,
            @Nullable Drill drill) {
        if (service == null) {
            throw new IllegalArgumentException("'service' is missing");
        }
        if (cause == null) {
            throw new IllegalArgumentException("'cause' is missing");
        }
        if (detectedAt == null) {
            throw new IllegalArgumentException("'detectedAt' is missing");
        }
        this.service = service;
        this.node = node;
        this.cause = cause;
        this.lastWellAt = lastWellAt;
        this.detectedAt = detectedAt;
        this.decidedAt = decidedAt;
        this.startedAt = startedAt;
        this.servedAt = servedAt;
        this.nextStartId = nextStartId;
        this.exitCode = exitCode;
        this.signal = signal;
        this.decidedBy = Texts.checked("decidedBy", decidedBy, 100);
        this.decision = Texts.checked("decision", decision, 500);
        this.reason = Texts.checked("reason", reason, 500);
        this.blackBox = blackBox;
        this.drill = drill;
    }
}
