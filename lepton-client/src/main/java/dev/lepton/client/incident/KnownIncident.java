package dev.lepton.client.incident;

import dev.lepton.client.unit.StartId;
import dev.lepton.client.unit.UnitId;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An incident as the registry shows it; what no client needs is left out.
 *
 * @param startId the start that has failed
 * @param open whether the unit is still to serve again
 * @param drill whether a drill has made it
 * @param detect from when the unit was last well until the failure was seen; this and the other
 *     durations are null while they are unknown, and in lists
 * @param decide from then until it was decided what to do
 * @param start from then until the next process was started
 * @param serve from then until the unit served again
 */
public record KnownIncident(
        long id,
        UnitId unitId,
        StartId startId,
        IncidentCause cause,
        boolean open,
        boolean drill,
        @Nullable Duration detect,
        @Nullable Duration decide,
        @Nullable Duration start,
        @Nullable Duration serve) {

    public KnownIncident {
        Objects.requireNonNull(unitId, "'unitId' is missing");
        Objects.requireNonNull(startId, "'startId' is missing");
        Objects.requireNonNull(cause, "'cause' is missing");
    }
}
