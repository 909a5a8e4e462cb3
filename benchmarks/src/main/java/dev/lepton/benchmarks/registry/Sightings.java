package dev.lepton.benchmarks.registry;

import dev.lepton.client.unit.UnitId;
import dev.lepton.client.unit.UnitState;
import dev.lepton.client.watch.Change;
import dev.lepton.client.watch.Fleet;
import dev.lepton.client.watch.FleetListener;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/** When one watcher first saw each unit in each state. */
final class Sightings implements FleetListener {

    private record Sight(UnitId unit, UnitState state) {}

    private final ConcurrentMap<Sight, Long> first = new ConcurrentHashMap<>();

    @Override
    public void fleetChanged(Fleet fleet, List<Change> changes) {
        long now = System.nanoTime();
        for (Change change : changes) {
            if (change.to() != null) {
                first.putIfAbsent(new Sight(change.unitId(), change.to()), now);
            }
        }
    }

    /** By {@link System#nanoTime()}; null while it was not seen so. */
    @Nullable Long nanos(UnitId unit, UnitState state) {
        return first.get(new Sight(unit, state));
    }
}
