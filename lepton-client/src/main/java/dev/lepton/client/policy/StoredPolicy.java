package dev.lepton.client.policy;

import dev.lepton.client.unit.ServiceName;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The policy of a service as the registry keeps it.
 *
 * @param version grows by one with each change, from 1
 */
public record StoredPolicy(
        ServiceName service,
        long version,
        RecoveryPolicy policy,
        @Nullable String author,
        @Nullable String reason,
        Instant at) {

    public StoredPolicy {
        Objects.requireNonNull(service, "'service' is missing");
        Objects.requireNonNull(policy, "'policy' is missing");
        Objects.requireNonNull(at, "'at' is missing");
    }
}
