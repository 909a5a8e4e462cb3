package dev.lepton.registry.incident;

import dev.lepton.client.incident.IncidentCause;
import dev.lepton.client.unit.NodeName;
import dev.lepton.client.unit.ServiceName;
import dev.lepton.client.unit.StartId;
import dev.lepton.client.unit.UnitId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An incident in a list.
 *
 * @param startId the start that has failed
 * @param cause what the supervisor says, else what the registry has seen
 * @param openedAt when the registry first knew of it
 * @param givenUpAt when it was decided not to start the unit again for now
 * @param open whether the unit is still to serve again
 * @param drill whether a drill has made it
 * @param ending how it was closed, null while it is open
 */
record IncidentSummary(
        long id,
        UnitId unitId,
        StartId startId,
        ServiceName service,
        @Nullable NodeName node,
        IncidentCause cause,
        Instant openedAt,
        @Nullable Instant givenUpAt,
        boolean open,
        boolean drill,
        @Nullable Instant closedAt,
        @Nullable Ending ending) {}
