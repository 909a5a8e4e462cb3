package dev.lepton.registry.simulation.happening;

/** Is told of everything that happens. */
@FunctionalInterface
public interface Witness {

    void see(Happening happening);
}
