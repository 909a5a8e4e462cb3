package dev.lepton.registry.fleet;

import dev.lepton.client.desired.Desired;
import dev.lepton.client.watch.Position;
import dev.lepton.registry.changelog.ChangeLog.Snapshot;
import dev.lepton.registry.changelog.LoggedChange;
import dev.lepton.registry.time.NanoClock;
import dev.lepton.registry.unit.UnitRow;
import java.util.List;

/** Feeds a {@link FleetView} in the place of the reader of the change log. */
public final class SimulatedFleet {

    private final FleetView view;

    public SimulatedFleet(NanoClock clock) {
        view = new FleetView(clock);
    }

    public FleetView view() {
        return view;
    }

    public void load(Position position, List<UnitRow> units, List<Desired> desired, long at) {
        view.load(new Snapshot(position, units, desired));
        view.readAt(at);
    }

    public void apply(List<LoggedChange> changes, long at) {
        if (!changes.isEmpty()) {
            view.apply(changes);
        }
        view.readAt(at);
    }
}
