package dev.lepton.client.policy;

import dev.lepton.client.unit.Texts;
import org.jspecify.annotations.Nullable;

/**
 * The body of {@code PUT /v1/services/{service}/policy}: replaces the whole policy.
 *
 * @param expectedVersion the version that the caller has read, 0 for none; null overwrites whatever
 *     is there
 * @param author who changes it, at most 100 characters
 * @param reason why, at most 500 characters
 */
public record PolicyChange(
        RecoveryPolicy policy,
        @Nullable Long expectedVersion,
        @Nullable String author,
        @Nullable String reason) {

    public PolicyChange(
            @Nullable RecoveryPolicy policy,
            @Nullable Long expectedVersion,
            @Nullable String author,
            @Nullable String reason) {
        if (policy == null) {
            throw new IllegalArgumentException("'policy' is missing");
        }
        if (expectedVersion != null && expectedVersion < 0) {
            throw new IllegalArgumentException(
                    "expectedVersion %d must not be negative".formatted(expectedVersion));
        }
        this.policy = policy;
        this.expectedVersion = expectedVersion;
        this.author = Texts.checked("author", author, 100);
        this.reason = Texts.checked("reason", reason, 500);
    }
}
