package dev.lepton.client.desired;

import dev.lepton.client.unit.NodeName;
import dev.lepton.client.unit.ServiceName;
import dev.lepton.client.unit.UnitId;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What is wanted of a unit: one row per unit, followed by the supervisor of {@code node}.
 *
 * @param node where the unit is to run, null when any supervisor that declares it may run it
 * @param spec what the supervisor needs to know to run it, as a JSON object; empty when the node's
 *     own file says it
 * @param restartGeneration the unit is to be restarted once whenever this has grown
 * @param generation grows with each change of the row, from 1
 */
public record Desired(
        UnitId unitId,
        ServiceName service,
        @Nullable NodeName node,
        DesiredRun run,
        Map<String, Object> spec,
        long restartGeneration,
        long generation,
        @Nullable String reason,
        Instant updatedAt) {

    public Desired {
        Objects.requireNonNull(unitId, "'unitId' is missing");
        Objects.requireNonNull(service, "'service' is missing");
        Objects.requireNonNull(run, "'run' is missing");
        Objects.requireNonNull(updatedAt, "'updatedAt' is missing");
    }
}
