package dev.lepton.registry.policy;

import dev.lepton.client.policy.StoredPolicy;
import dev.lepton.client.unit.ServiceName;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The current policies as they were in PostgreSQL less than a second ago; while it is away, as they
 * were before. Asking never waits.
 */
public final class Policies {

    private final JdbcClient jdbc;
    private volatile Map<ServiceName, StoredPolicy> known = Map.of();

    Policies(JdbcClient jdbc) {
        this.jdbc = jdbc;
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
                jdbc
                        .sql(
                                """
                                SELECT DISTINCT ON (service) service, version, policy::text AS policy, author,
                                    reason, at
                                FROM service_policy ORDER BY service, version DESC\
                                """)
                        .query((row, _) -> policy(row))
                        .list()
                        .stream()
                        .collect(
                                Collectors.toUnmodifiableMap(
                                        StoredPolicy::service, Function.identity()));
    }

    private static StoredPolicy policy(ResultSet row) throws SQLException {
        return new StoredPolicy(
                new ServiceName(row.getString("service")),
                row.getLong("version"),
                PolicyVersion.policy(row.getString("policy")),
                row.getString("author"),
                row.getString("reason"),
                row.getObject("at", OffsetDateTime.class).toInstant());
    }
}
