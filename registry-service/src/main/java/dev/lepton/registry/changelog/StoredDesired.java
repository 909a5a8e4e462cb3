package dev.lepton.registry.changelog;

import dev.lepton.client.desired.Desired;
import dev.lepton.client.desired.DesiredRun;
import dev.lepton.client.unit.NodeName;
import dev.lepton.client.unit.ServiceName;
import dev.lepton.client.unit.UnitId;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A desired row as its table has it: a component for each column, which is its name in snake case.
 */
record StoredDesired(
        String unitId,
        String service,
        @Nullable String node,
        String run,
        Map<String, Object> spec,
        long restartGeneration,
        long generation,
        @Nullable String reason,
        Instant updatedAt) {

    static StoredDesired of(Desired row) {
        return new StoredDesired(
                row.unitId().value(),
                row.service().value(),
                row.node() == null ? null : row.node().value(),
                row.run().name(),
                row.spec(),
                row.restartGeneration(),
                row.generation(),
                row.reason(),
                row.updatedAt().truncatedTo(ChronoUnit.MICROS));
    }

    Desired row() {
        return new Desired(
                new UnitId(unitId),
                new ServiceName(service),
                node == null ? null : new NodeName(node),
                DesiredRun.valueOf(run),
                spec,
                restartGeneration,
                generation,
                reason,
                updatedAt);
    }
}
