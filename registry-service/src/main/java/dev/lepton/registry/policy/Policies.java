package dev.lepton.registry.policy;

import dev.lepton.client.policy.StoredPolicy;
import dev.lepton.client.unit.ServiceName;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The current policies as they were in PostgreSQL less than a second ago; while it is away, as they
 * were before. Asking never waits.
 */
public final class Policies {

    private final Supplier<List<StoredPolicy>> stored;
    private volatile Map<ServiceName, StoredPolicy> known = Map.of();

    Policies(Supplier<List<StoredPolicy>> stored) {
        this.stored = stored;
    }

    /** Null when the service has none. */
    public @Nullable StoredPolicy current(ServiceName service) {
        return known.get(service);
    }

    /** Changes with every change of any policy: none is ever taken back. */
    public long versionSum() {
        return known.values().stream().mapToLong(StoredPolicy::version).sum();
    }

    void read() {
        known =
                stored.get().stream()
                        .collect(
                                Collectors.toUnmodifiableMap(
                                        StoredPolicy::service, Function.identity()));
    }
}
