package dev.lepton.client.recovery;

import dev.lepton.client.unit.ServiceName;
import dev.lepton.client.unit.StartId;
import org.jspecify.annotations.Nullable;

/**
 * The body of {@code POST /v1/units/{id}/permit}: a supervisor asks whether it may end a process
 * that lives. Asking again for the same start answers the same.
 *
 * @param maxUnavailable how many units of the service may be down by Lepton's own doing, as the
 *     node's declaration says; null when it says nothing. A policy of the registry is above it
 * @param question a number that grows with each question of a supervisor, so that giving back what
 *     an earlier one was answered with takes nothing from a later one; null for the least
 */
public record PermitRequest(
        ServiceName service,
        StartId startId,
        KillCause cause,
        @Nullable Integer maxUnavailable,
        @Nullable Long question) {

    public PermitRequest(
            @Nullable ServiceName service,
            @Nullable StartId startId,
            @Nullable KillCause cause,
            @Nullable Integer maxUnavailable,
            @Nullable Long question) {
        if (service == null) {
            throw new IllegalArgumentException("'service' is missing");
        }
        if (startId == null) {
            throw new IllegalArgumentException("'startId' is missing");
        }
        if (cause == null) {
            throw new IllegalArgumentException("'cause' is missing");
        }
        if (maxUnavailable != null && maxUnavailable < 1) {
            throw new IllegalArgumentException(
                    "maxUnavailable %d must be at least 1".formatted(maxUnavailable));
        }
        if (question != null && question < 0) {
            throw new IllegalArgumentException(
                    "question %d must not be negative".formatted(question));
        }
        this.service = service;
        this.startId = startId;
        this.cause = cause;
        this.maxUnavailable = maxUnavailable;
        this.question = question;
    }
}
