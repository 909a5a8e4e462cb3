package dev.lepton.registry.policy;

import dev.lepton.client.policy.StoredPolicy;
import dev.lepton.client.unit.ServiceName;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.core.JacksonException;

/**
 * The current policies as they were in PostgreSQL less than a second ago; while it is away, as they
 * were before. Asking never waits.
 */
public final class Policies {

    private static final Logger log = LoggerFactory.getLogger(Policies.class);

    private final JdbcClient jdbc;
    private final Set<String> unreadable = ConcurrentHashMap.newKeySet();
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

    /** Steps from service to service along the key, past all the versions before the newest. */
    void read() {
        known =
                jdbc
                        .sql(
                                """
                                WITH RECURSIVE newest AS (
                                    (SELECT service, version FROM service_policy
                                     ORDER BY service DESC, version DESC LIMIT 1)
                                    UNION ALL
                                    SELECT p.service, p.version FROM newest n CROSS JOIN LATERAL (
                                        SELECT service, version FROM service_policy
                                        WHERE service < n.service
                                        ORDER BY service DESC, version DESC LIMIT 1) p)
                                SELECT service, version, policy::text AS policy, author, reason, at
                                FROM newest JOIN service_policy USING (service, version)\
                                """)
                        .query((row, _) -> policyOrKnown(row))
                        .list()
                        .stream()
                        .flatMap(Optional::stream)
                        .collect(
                                Collectors.toUnmodifiableMap(
                                        StoredPolicy::service, Function.identity()));
    }

    /** A row that this registry cannot read, as of a newer one, must not hold up the others. */
    private Optional<StoredPolicy> policyOrKnown(ResultSet row) throws SQLException {
        try {
            return Optional.of(policy(row));
        } catch (JacksonException | IllegalArgumentException e) {
            String service = row.getString("service");
            if (unreadable.add(service)) {
                log.error(
                        "The policy of service {} cannot be read, the one before holds",
                        service,
                        e);
            }
            return known.values().stream()
                    .filter(policy -> policy.service().value().equals(service))
                    .findFirst();
        }
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
