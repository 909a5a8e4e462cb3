package dev.lepton.registry.incident;

import dev.lepton.client.unit.ServiceName;
import dev.lepton.client.unit.UnitId;
import org.jspecify.annotations.Nullable;

/** Which incidents are asked for; null means any. */
record IncidentFilter(
        @Nullable UnitId unit,
        @Nullable ServiceName service,
        @Nullable Boolean open,
        @Nullable Boolean drill) {}
