package dev.lepton.registry.lease;

import dev.lepton.client.unit.StartId;
import dev.lepton.client.unit.UnitId;
import java.time.Duration;

/** What this replica has seen of the leases. */
public interface Leases {

    /** How much of the lease of a unit's holder is left; zero when it has ended. */
    Duration remaining(UnitId unit, StartId holder);

    /**
     * How much of a span since the last sign of life of a unit's holder is left; zero when it has
     * ended.
     */
    Duration remainingOf(Duration span, UnitId unit, StartId holder);
}
