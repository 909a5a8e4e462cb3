package dev.lepton.registry.simulation.promise;

import dev.lepton.registry.lifecycle.Phase;
import dev.lepton.registry.simulation.happening.Happening;
import dev.lepton.registry.simulation.happening.Happening.KeptOut;
import dev.lepton.registry.simulation.postgres.Tables;

/** Nobody who beats well is kept out as flapping while no other unit of the service is up. */
public final class FlappingTakesNoService implements Promise {

    private final Tables tables;

    public FlappingTakesNoService(Tables tables) {
        this.tables = tables;
    }

    @Override
    public void see(Happening happening, long now) {
        if (happening instanceof KeptOut(var unit, long revision)
                && revision == tables.revision()
                && tables.units().stream()
                        .noneMatch(row -> !row.id().equals(unit) && row.phase() == Phase.UP)) {
            throw new BrokenPromise(
                    "flap damping never takes a whole service",
                    "%s is kept out, and no other is up at revision %d".formatted(unit, revision));
        }
    }
}
