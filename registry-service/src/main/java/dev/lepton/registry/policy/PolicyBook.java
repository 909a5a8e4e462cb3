package dev.lepton.registry.policy;

import dev.lepton.client.policy.PolicyChange;
import dev.lepton.client.policy.StoredPolicy;
import dev.lepton.client.unit.ServiceName;
import dev.lepton.registry.policy.PolicyDecision.Stale;
import dev.lepton.registry.policy.PolicyDecision.Store;
import dev.lepton.registry.policy.PolicyDecision.Unchanged;
import dev.lepton.registry.unit.Postgres;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.data.domain.Page;
import org.springframework.data.domain.PageRequest;

/** Keeps the policies: decide, store as the next version, decide anew if somebody was first. */
class PolicyBook {

    private static final int ATTEMPTS = 8;

    private static final Logger log = LoggerFactory.getLogger(PolicyBook.class);

    private final PolicyVersions versions;
    private final InstantSource time;

    PolicyBook(PolicyVersions versions, InstantSource time) {
        this.versions = versions;
        this.time = time;
    }

    StoredPolicy find(ServiceName service) {
        StoredPolicy stored = stored(service);
        if (stored == null) {
            throw new NoPolicy(service);
        }
        return stored;
    }

    PolicyPage history(ServiceName service, int page, int size) {
        Page<PolicyVersion> found =
                Postgres.answer(() ->
                        versions.findByKeyServiceOrderByKeyVersionDesc(
                                service.value(), PageRequest.of(page, size)));
        return new PolicyPage(
                found.stream().map(PolicyVersion::stored).toList(),
                page,
                size,
                found.getTotalElements());
    }

    List<StoredPolicy> current() {
        return Postgres.answer(
                () -> versions.findCurrent().stream().map(PolicyVersion::stored).toList());
    }

    StoredPolicy change(ServiceName service, PolicyChange change) {
        for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
            switch (PolicyDecision.decide(service, change, stored(service), time.instant())) {
                case Unchanged(StoredPolicy stored) -> {
                    return stored;
                }
                case Stale(String why) -> throw new PolicyStale(why);
                case Store(StoredPolicy after) -> {
                    if (store(after)) {
                        log.info(
                                "Policy of service {} is version {}, by {}: {}",
                                service,
                                after.version(),
                                after.author(),
                                after.reason());
                        return after;
                    }
                }
            }
        }
        throw new PolicyContended(service, ATTEMPTS);
    }

    private @Nullable StoredPolicy stored(ServiceName service) {
        return Postgres.<@Nullable StoredPolicy>answer(() ->
                versions.findFirstByKeyServiceOrderByKeyVersionDesc(service.value())
                        .map(PolicyVersion::stored)
                        .orElse(null));
    }

    private boolean store(StoredPolicy after) {
        return Postgres.answer(() ->
                versions.insert(
                                after.service().value(),
                                after.version(),
                                PolicyVersion.json(after.policy()),
                                after.author(),
                                after.reason(),
                                after.at())
                        == 1);
    }
}
