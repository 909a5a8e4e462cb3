package dev.lepton.client.watch;

import dev.lepton.client.desired.Desired;
import dev.lepton.client.unit.UnitId;
import dev.lepton.client.unit.UnitView;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An immutable picture of the fleet.
 *
 * @param position where in the change log it was taken, null when nothing is known yet
 */
public record Fleet(
        @Nullable Position position, Map<UnitId, UnitView> units, Map<UnitId, Desired> desired) {

    /** The picture before anything is known. */
    public static final Fleet UNKNOWN = new Fleet(null, Map.of(), Map.of());
}
