package dev.lepton.registry.changelog;

import dev.lepton.client.desired.Desired;
import dev.lepton.client.unit.UnitId;
import dev.lepton.client.unit.UnitState;
import dev.lepton.client.watch.Change;
import dev.lepton.registry.lifecycle.Phase;
import dev.lepton.registry.unit.UnitRow;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A row of the change log, with the row of {@code unit} or {@code desired} as it is after the
 * change: one of the two is not null.
 */
public record LoggedChange(
        long revision,
        Instant at,
        UnitId unitId,
        String event,
        @Nullable Phase from,
        String reason,
        @Nullable UnitRow unit,
        @Nullable Desired desired) {

    /** The change that is stored in these columns. */
    public static LoggedChange stored(
            long revision,
            Instant at,
            String kind,
            String unitId,
            String event,
            @Nullable String fromState,
            String reason,
            String after) {
        boolean ofUnit = kind.equals("unit");
        return new LoggedChange(
                revision,
                at,
                new UnitId(unitId),
                event,
                fromState == null ? null : Phase.valueOf(fromState),
                reason,
                ofUnit ? StoredJson.unit(after) : null,
                ofUnit ? null : StoredJson.desired(after));
    }

    /** The change as everyone outside the registry sees it. */
    public Change view() {
        boolean forgotten = unit != null && unit.forgotten();
        return new Change(
                revision,
                at,
                unitId,
                event,
                from == null ? null : from.state(),
                stateAfter(),
                reason,
                unit == null ? null : unit.view(),
                forgotten,
                desired);
    }

    private @Nullable UnitState stateAfter() {
        return unit == null || unit.forgotten() ? null : unit.phase().state();
    }
}
