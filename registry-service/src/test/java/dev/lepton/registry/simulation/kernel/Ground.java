package dev.lepton.registry.simulation.kernel;

import dev.lepton.registry.simulation.happening.Witness;
import java.util.random.RandomGenerator;

/** What everything in the simulated world stands on. */
public record Ground(
        Agenda agenda,
        Network network,
        RandomGenerator random,
        Trace trace,
        Witness witness,
        Weakness weakness) {

    public long now() {
        return agenda.now();
    }

    public boolean weakBy(Weakness one) {
        return weakness == one;
    }
}
