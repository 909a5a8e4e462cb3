package dev.lepton.supervisor.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.lepton.client.unit.ServiceName;
import dev.lepton.client.unit.StartId;
import dev.lepton.client.unit.UnitId;
import dev.lepton.client.unit.UnitState;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A unit as the supervisor shows it.
 *
 * @param address where it answers, as {@code http://127.0.0.1:20123}; null while nothing of it runs
 * @param incarnation null while the registry does not know this start
 */
@JsonInclude(JsonInclude.Include.ALWAYS)
record UnitAnswer(
        UnitId id,
        ServiceName service,
        UnitState state,
        @Nullable String address,
        @Nullable Long pid,
        @Nullable Long incarnation,
        @Nullable StartId startId,
        @Nullable String managementAddress,
        long restarts,
        Instant since,
        String reason) {}
