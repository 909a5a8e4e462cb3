package dev.lepton.supervisor.supervision;

import dev.lepton.client.unit.ServiceName;
import dev.lepton.client.unit.StartId;
import dev.lepton.client.unit.UnitId;
import dev.lepton.client.unit.UnitState;
import java.nio.file.Path;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What the supervisor itself knows of a unit.
 *
 * @param port null before the first start
 * @param managementPort null when it has none
 * @param host where its ports are reached from here, null when it has no run
 * @param pid null when no process runs
 * @param startId of the run that is on, null when none is
 * @param log the file of the run that is on, else of the last one; null before the first
 * @param readyOnce whether it was ready since the supervisor started
 * @param held whether it is stopped because that is wanted
 * @param restarts how often it was restarted by itself
 * @param observedGeneration of its desired row, 0 when it has followed none
 * @param struck whether a drill has struck it, and it is not ready again, nor at rest
 * @param recentRestarts those that count towards the limit now
 */
public record UnitStatus(
        UnitId id,
        ServiceName service,
        UnitState state,
        @Nullable Integer port,
        @Nullable Integer managementPort,
        @Nullable String host,
        @Nullable Long pid,
        @Nullable StartId startId,
        @Nullable Path log,
        boolean readyOnce,
        boolean held,
        boolean struck,
        long restarts,
        int recentRestarts,
        long observedGeneration,
        Instant since,
        String reason) {}
