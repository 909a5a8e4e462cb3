package dev.lepton.registry.unit;

import dev.lepton.client.unit.Beater;
import dev.lepton.client.unit.NodeName;
import dev.lepton.client.unit.ServiceName;
import dev.lepton.client.unit.StartId;
import dev.lepton.client.unit.UnitAddress;
import dev.lepton.client.unit.UnitId;
import dev.lepton.registry.lifecycle.Phase;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Builds units as tests want them. */
public final class UnitBuilder {

    public static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

    private final UnitId id;
    private ServiceName service = new ServiceName("worker");
    private StartId start = StartId.random();
    private long incarnation = 1;
    private Phase phase = Phase.UP;
    private @Nullable NodeName node = new NodeName("node-a");
    private String reason = "as the test wants it";
    private boolean forgotten;
    private long version = 1;
    private int port = 9000;

    private UnitBuilder(String id) {
        this.id = new UnitId(id);
    }

    public static UnitBuilder aUnit(String id) {
        return new UnitBuilder(id);
    }

    /** As the row is, as far as tests tell rows apart. */
    public static UnitBuilder of(UnitRow row) {
        UnitBuilder builder =
                aUnit(row.id().value())
                        .of(row.service().value())
                        .heldBy(row.startId())
                        .incarnation(row.incarnation())
                        .in(row.phase())
                        .because(row.reason())
                        .version(row.version());
        builder.node = row.node();
        return builder;
    }

    public UnitBuilder of(String name) {
        service = new ServiceName(name);
        return this;
    }

    public UnitBuilder heldBy(StartId holder) {
        start = holder;
        return this;
    }

    public UnitBuilder incarnation(long number) {
        incarnation = number;
        return this;
    }

    public UnitBuilder in(Phase wanted) {
        phase = wanted;
        return this;
    }

    public UnitBuilder on(String name) {
        node = new NodeName(name);
        return this;
    }

    public UnitBuilder withoutSupervisor() {
        node = null;
        return this;
    }

    public UnitBuilder at(int wanted) {
        port = wanted;
        return this;
    }

    public UnitBuilder because(String why) {
        reason = why;
        return this;
    }

    public UnitBuilder forgotten() {
        forgotten = true;
        return this;
    }

    public UnitBuilder version(long number) {
        version = number;
        return this;
    }

    public UnitRow row() {
        return new UnitRow(
                id,
                service,
                start,
                incarnation,
                phase,
                UnitAddress.http("127.0.0.1", port),
                node,
                Beater.SELF,
                "1.0",
                100,
                null,
                4711L,
                Map.of("team", "blue"),
                NOON,
                NOON,
                reason,
                forgotten,
                version);
    }
}
