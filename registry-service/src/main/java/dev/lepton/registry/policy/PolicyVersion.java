package dev.lepton.registry.policy;

import dev.lepton.client.policy.RecoveryPolicy;
import dev.lepton.client.policy.StoredPolicy;
import dev.lepton.client.rest.ProtocolJson;
import dev.lepton.client.unit.ServiceName;
import jakarta.persistence.Embeddable;
import jakarta.persistence.EmbeddedId;
import jakarta.persistence.Entity;
import jakarta.persistence.Table;
import java.io.Serializable;
import java.time.Instant;
import org.hibernate.annotations.ColumnTransformer;
import org.hibernate.annotations.Immutable;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.type.SqlTypes;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** One version of a service's policy; it never changes. */
@Entity
@Immutable
@Table(name = "service_policy")
@SuppressWarnings("NullAway.Init")
class PolicyVersion {

    private static final JsonMapper JSON = ProtocolJson.lenient();

    @EmbeddedId private Key key;

    /** As text, so that its JSON is the protocol's. */
    @JdbcTypeCode(SqlTypes.JSON)
    @ColumnTransformer(read = "cast(policy as text)")
    private String policy;

    private @Nullable String author;
    private @Nullable String reason;
    private Instant at;

    protected PolicyVersion() {}

    StoredPolicy stored() {
        return new StoredPolicy(
                new ServiceName(key.service), key.version, policy(policy), author, reason, at);
    }

    static RecoveryPolicy policy(String json) {
        return JSON.readValue(json, RecoveryPolicy.class);
    }

    static String json(RecoveryPolicy policy) {
        return JSON.writeValueAsString(policy);
    }

    /** The primary key. */
    @Embeddable
    record Key(String service, long version) implements Serializable {}
}
