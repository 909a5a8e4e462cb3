package dev.lepton.registry.simulation.promise;

import dev.lepton.registry.simulation.happening.Happening;
import dev.lepton.registry.simulation.happening.Happening.Committed;

/** P1: what was stored stays, in one log in which each revision is one more than the last. */
public final class LogHasNoGaps implements Promise {

    private long last;

    @Override
    public void see(Happening happening, long now) {
        if (happening instanceof Committed(var change, var _, var _)) {
            if (change.revision() != last + 1) {
                throw new BrokenPromise(
                        "P1 the log has no gaps",
                        "revision %d follows %d".formatted(change.revision(), last));
            }
            last = change.revision();
        }
    }
}
