package dev.lepton.platform.running;

import dev.lepton.client.incident.IncidentCause;
import dev.lepton.client.unit.StartId;
import dev.lepton.client.unit.UnitId;

/** A failure as the registry lists it; what a test does not need is left out. */
public record Incident(
        long id, UnitId unitId, StartId startId, IncidentCause cause, boolean open) {}
