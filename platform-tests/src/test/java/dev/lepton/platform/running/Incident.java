package dev.lepton.platform.running;

import dev.lepton.client.incident.IncidentCause;
import dev.lepton.client.unit.StartId;
import org.jspecify.annotations.Nullable;

/** A failure as the registry lists it; what a test does not need is left out. */
public record Incident(
        long id,
        String unit,
        StartId startId,
        IncidentCause cause,
        boolean open,
        @Nullable String reason) {}
