package dev.lepton.registry.simulation.promise;

import dev.lepton.registry.simulation.happening.Happening;

/** One promise of the design, checked whenever something happens. */
public interface Promise {

    /**
     * @throws BrokenPromise when what happens breaks it
     */
    void see(Happening happening, long now);

    /** Checked every 250 ms as well. */
    default void look(long now) {}
}
