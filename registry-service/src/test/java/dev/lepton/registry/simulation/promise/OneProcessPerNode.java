package dev.lepton.registry.simulation.promise;

import dev.lepton.client.unit.StartId;
import dev.lepton.client.unit.UnitId;
import dev.lepton.registry.simulation.happening.Happening;
import dev.lepton.registry.simulation.happening.Happening.ProcessEnded;
import dev.lepton.registry.simulation.happening.Happening.ProcessStarted;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** P10: a slot never has two live processes on one node. */
public final class OneProcessPerNode implements Promise {

    private record Place(String node, UnitId unit) {}

    private final Map<Place, StartId> running = new HashMap<>();

    @Override
    public void see(Happening happening, long now) {
        if (happening instanceof ProcessStarted(var node, var unit, var start)) {
            @Nullable StartId other = running.put(new Place(node, unit), start);
            if (other != null) {
                throw new BrokenPromise(
                        "P10 a slot never has two live processes on one node",
                        "%s on %s: %s begins while %s lives".formatted(unit, node, start, other));
            }
        } else if (happening instanceof ProcessEnded(var node, var unit, var _)) {
            running.remove(new Place(node, unit));
        }
    }
}
