package dev.lepton.registry.simulation.promise;

import dev.lepton.client.unit.StartId;
import dev.lepton.registry.lifecycle.Phase;
import dev.lepton.registry.simulation.happening.Happening;
import dev.lepton.registry.simulation.happening.Happening.Committed;
import dev.lepton.registry.simulation.happening.Happening.ProcessEnded;
import java.util.HashSet;
import java.util.Set;

/**
 * P2: no unit is taken for exited whose process lives; a drained one has stopped also when it fell
 * silent.
 */
public final class OnlyTheDeadHaveExited implements Promise {

    private final Set<StartId> dead = new HashSet<>();

    @Override
    public void see(Happening happening, long now) {
        if (happening instanceof ProcessEnded(var _, var _, var start)) {
            dead.add(start);
        } else if (happening instanceof Committed(var change, var _, var _)
                && change.unit() != null
                && exited(change.unit().phase())
                && !change.event().equals("drain-ended")
                && !dead.contains(change.unit().startId())) {
            throw new BrokenPromise(
                    "P2 a unit that beats is never evicted",
                    "%s is %s, and its process %s lives"
                            .formatted(
                                    change.unitId(),
                                    change.unit().phase(),
                                    change.unit().startId()));
        }
    }

    private static boolean exited(Phase phase) {
        return phase == Phase.DOWN_EXITED || phase == Phase.STOPPED;
    }
}
