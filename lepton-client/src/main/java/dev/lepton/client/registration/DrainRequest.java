package dev.lepton.client.registration;

import dev.lepton.client.unit.StartId;
import dev.lepton.client.unit.Texts;
import org.jspecify.annotations.Nullable;

/**
 * The body of {@code POST /v1/units/{id}/drain} and {@code /undrain}.
 *
 * @param startId the start that is meant; null, as from an operator, means whichever holds the unit
 *     now
 * @param reason one sentence for people, at most 500 characters
 */
public record DrainRequest(@Nullable StartId startId, @Nullable String reason) {

    public DrainRequest {
        reason = Texts.checked("reason", reason, 500);
    }
}
