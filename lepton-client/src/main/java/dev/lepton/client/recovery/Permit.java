package dev.lepton.client.recovery;

import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The answer to a {@link PermitRequest}.
 *
 * @param reason who else is being recovered, and what the limit is, in words
 * @param retryAfter when to ask again, null when it was granted
 */
public record Permit(boolean granted, String reason, @Nullable Duration retryAfter) {

    public Permit {
        Objects.requireNonNull(reason, "'reason' is missing");
    }
}
