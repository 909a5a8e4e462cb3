package dev.lepton.client.watch;

import dev.lepton.client.desired.Desired;
import dev.lepton.client.unit.UnitView;
import java.util.List;
import java.util.Objects;

/**
 * All units and desired rows as they are at one position; what a watch begins with, and what is
 * kept on disk.
 */
public record FleetList(Position position, List<UnitView> units, List<Desired> desired) {

    public FleetList {
        Objects.requireNonNull(position, "'position' is missing");
        units = List.copyOf(units);
        desired = List.copyOf(desired);
    }
}
