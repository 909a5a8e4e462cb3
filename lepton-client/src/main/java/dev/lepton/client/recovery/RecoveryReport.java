package dev.lepton.client.recovery;

import dev.lepton.client.unit.StartId;
import dev.lepton.client.unit.Texts;
import org.jspecify.annotations.Nullable;

/**
 * The body of {@code POST /v1/units/{id}/recovery}: what the unit's supervisor does about it.
 *
 * @param startId the start that has ended and still holds the unit for the registry
 * @param reason one sentence for people, at most 500 characters
 */
public record RecoveryReport(StartId startId, RecoveryStep step, @Nullable String reason) {

    public RecoveryReport(
            @Nullable StartId startId, @Nullable RecoveryStep step, @Nullable String reason) {
        if (startId == null) {
            throw new IllegalArgumentException("'startId' is missing");
        }
        if (step == null) {
            throw new IllegalArgumentException("'step' is missing");
        }
        this.startId = startId;
        this.step = step;
        this.reason = Texts.checked("reason", reason, 500);
    }
}
