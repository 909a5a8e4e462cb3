package dev.lepton.registry.simulation.promise;

import dev.lepton.registry.changelog.LeaderGuard;
import dev.lepton.registry.simulation.happening.Happening;
import dev.lepton.registry.simulation.happening.Happening.Committed;
import java.util.Set;

/** P4: what only the leader may do is stored only while it leads. */
public final class DeposedLeadersChangeNothing implements Promise {

    private static final Set<String> DUTIES =
            Set.of(
                    "suspected",
                    "lease-expired",
                    "preserving",
                    "drain-ended",
                    "start-deadline",
                    "forgotten");

    @Override
    public void see(Happening happening, long now) {
        if (!(happening instanceof Committed(var change, LeaderGuard guard, long epoch))) {
            return;
        }
        if (guard == null ? DUTIES.contains(change.event()) : guard.epoch() != epoch) {
            throw new BrokenPromise(
                    "P4 a deposed leader changes nothing",
                    "%s of %s was stored under %s in epoch %d"
                            .formatted(change.event(), change.unitId(), guard, epoch));
        }
    }
}
