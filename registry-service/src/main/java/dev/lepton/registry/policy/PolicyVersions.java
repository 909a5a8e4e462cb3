package dev.lepton.registry.policy;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.data.domain.Page;
import org.springframework.data.domain.Pageable;
import org.springframework.data.jpa.repository.Modifying;
import org.springframework.data.jpa.repository.Query;
import org.springframework.data.repository.Repository;
import org.springframework.transaction.annotation.Transactional;

/** Table {@code service_policy}, of which nothing is ever changed or deleted. */
@Transactional(readOnly = true)
interface PolicyVersions extends Repository<PolicyVersion, PolicyVersion.Key> {

    /** The current version. */
    Optional<PolicyVersion> findFirstByKeyServiceOrderByKeyVersionDesc(String service);

    Page<PolicyVersion> findByKeyServiceOrderByKeyVersionDesc(String service, Pageable page);

    /** The current version of every service that has one. */
    @Query(
            """
            SELECT p FROM PolicyVersion p
            WHERE p.key.version =
                (SELECT max(q.key.version) FROM PolicyVersion q WHERE q.key.service = p.key.service)
            ORDER BY p.key.service\
            """)
    List<PolicyVersion> findCurrent();

    /** 0 when somebody else has stored this version first, else 1. */
    @Modifying
    @Transactional
    @Query(
            nativeQuery = true,
            value =
                    """
                    INSERT INTO service_policy (service, version, policy, author, reason, at)
                    VALUES (:service, :version, CAST(:policy AS jsonb), :author, :reason, :at)
                    ON CONFLICT DO NOTHING\
                    """)
    int insert(
            String service,
            long version,
            String policy,
            @Nullable String author,
            @Nullable String reason,
            Instant at);
}
