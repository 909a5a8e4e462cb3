package dev.lepton.registry.incident;

import dev.lepton.client.incident.BlackBox;
import dev.lepton.client.unit.StartId;
import org.jspecify.annotations.Nullable;

/** What a supervisor has reported of an incident besides its times. */
record IncidentDetail(
        @Nullable StartId nextStartId,
        @Nullable Integer exitCode,
        @Nullable Integer signal,
        @Nullable String decidedBy,
        @Nullable String decision,
        @Nullable String reason,
        @Nullable BlackBox blackBox) {}
