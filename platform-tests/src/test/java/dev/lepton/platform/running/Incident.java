package dev.lepton.platform.running;

import dev.lepton.client.incident.IncidentCause;
import dev.lepton.client.unit.StartId;
import dev.lepton.client.unit.UnitId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A failure as the registry lists it; what a test does not need is left out. */
public record Incident(
        long id,
        UnitId unitId,
        StartId startId,
        IncidentCause cause,
        @Nullable Instant givenUpAt,
        boolean open) {}
