package dev.lepton.registry.unit;

import dev.lepton.client.unit.Beater;
import dev.lepton.client.unit.NodeName;
import dev.lepton.client.unit.ServiceName;
import dev.lepton.client.unit.StartId;
import dev.lepton.client.unit.UnitAddress;
import dev.lepton.client.unit.UnitId;
import dev.lepton.registry.lifecycle.Phase;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.hibernate.annotations.Immutable;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.type.SqlTypes;
import org.jspecify.annotations.Nullable;

/** Table {@code unit} for reading; only the change log writes it. */
@Entity
@Immutable
@Table(name = "unit")
@SuppressWarnings("NullAway.Init")
class UnitRecord {

    @Id private String id;
    private String service;
    private UUID startId;
    private long incarnation;

    @Enumerated(EnumType.STRING)
    private Phase phase;

    private String scheme;
    private String host;
    private int port;
    private @Nullable String node;

    @Enumerated(EnumType.STRING)
    private Beater beater;

    private @Nullable String programVersion;
    private int weight;
    private @Nullable String zone;
    private @Nullable Long pid;

    @JdbcTypeCode(SqlTypes.JSON)
    private Map<String, String> labels;

    private Instant registeredAt;
    private Instant since;
    private String reason;
    private boolean forgotten;
    private long version;

    protected UnitRecord() {}

    UnitRow row() {
        return new UnitRow(
                new UnitId(id),
                new ServiceName(service),
                new StartId(startId),
                incarnation,
                phase,
                new UnitAddress(scheme, host, port),
                node == null ? null : new NodeName(node),
                beater,
                programVersion,
                weight,
                zone,
                pid,
                labels,
                registeredAt,
                since,
                reason,
                forgotten,
                version);
    }
}
