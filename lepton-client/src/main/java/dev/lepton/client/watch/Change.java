package dev.lepton.client.watch;

import dev.lepton.client.desired.Desired;
import dev.lepton.client.unit.UnitId;
import dev.lepton.client.unit.UnitState;
import dev.lepton.client.unit.UnitView;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One row of the change log. It carries the whole unit, or the whole desired row, as it is after
 * the change.
 *
 * @param revision gap-free, in commit order, from 1
 * @param event what happened, in the words of the lifecycle: {@code registered}, {@code
 *     lease-expired}, …
 * @param from the state before, null for a first registration and for a desired row
 * @param to the state after, null when the unit is forgotten and for a desired row
 * @param unit the unit after the change, null for a desired row; for a forgotten unit its last view
 * @param forgotten whether the unit leaves the registry's lists with this change
 * @param desired the desired row after the change, null for a change of a unit
 */
public record Change(
        long revision,
        Instant at,
        UnitId unitId,
        String event,
        @Nullable UnitState from,
        @Nullable UnitState to,
        String reason,
        @Nullable UnitView unit,
        boolean forgotten,
        @Nullable Desired desired) {

    public Change {
        Objects.requireNonNull(at, "'at' is missing");
        Objects.requireNonNull(unitId, "'unitId' is missing");
        Objects.requireNonNull(event, "'event' is missing");
        Objects.requireNonNull(reason, "'reason' is missing");
    }
}
