package dev.lepton.registry.changelog;

import dev.lepton.client.unit.Beater;
import dev.lepton.client.unit.NodeName;
import dev.lepton.client.unit.ServiceName;
import dev.lepton.client.unit.StartId;
import dev.lepton.client.unit.UnitAddress;
import dev.lepton.client.unit.UnitId;
import dev.lepton.registry.lifecycle.Phase;
import dev.lepton.registry.unit.UnitRow;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A unit as its table has it: a component for each column, which is its name in snake case. */
record StoredUnit(
        String id,
        String service,
        UUID startId,
        long incarnation,
        Phase phase,
        String scheme,
        String host,
        int port,
        @Nullable String node,
        String beater,
        @Nullable String programVersion,
        int weight,
        @Nullable String zone,
        @Nullable Long pid,
        Map<String, String> labels,
        Instant registeredAt,
        Instant since,
        String reason,
        boolean forgotten,
        long version) {

    static StoredUnit of(UnitRow row) {
        return new StoredUnit(
                row.id().value(),
                row.service().value(),
                row.startId().value(),
                row.incarnation(),
                row.phase(),
                row.address().scheme(),
                row.address().host(),
                row.address().port(),
                row.node() == null ? null : row.node().value(),
                row.beater().name(),
                row.programVersion(),
                row.weight(),
                row.zone(),
                row.pid(),
                row.labels(),
                // The precision of PostgreSQL, so that the log and the table say the same.
                row.registeredAt().truncatedTo(ChronoUnit.MICROS),
                row.since().truncatedTo(ChronoUnit.MICROS),
                row.reason(),
                row.forgotten(),
                row.version());
    }

    UnitRow row() {
        return new UnitRow(
                new UnitId(id),
                new ServiceName(service),
                new StartId(startId),
                incarnation,
                phase,
                new UnitAddress(scheme, host, port),
                node == null ? null : new NodeName(node),
                Beater.valueOf(beater),
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
