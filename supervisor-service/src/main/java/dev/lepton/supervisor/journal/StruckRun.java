package dev.lepton.supervisor.journal;

import dev.lepton.client.incident.Drill;
import dev.lepton.client.unit.StartId;

/** A run that a drill has struck. */
public record StruckRun(StartId startId, Drill drill) {}
