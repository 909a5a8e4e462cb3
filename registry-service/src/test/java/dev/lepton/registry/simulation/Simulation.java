package dev.lepton.registry.simulation;

import dev.lepton.registry.simulation.kernel.Weakness;
import java.util.OptionalLong;
import java.util.stream.LongStream;

/** Runs the worlds of many seeds. */
final class Simulation {

    private final Weakness weakness;

    Simulation(Weakness weakness) {
        this.weakness = weakness;
    }

    /**
     * @throws AssertionError with the seed and what led to it, when a promise is broken
     */
    void run(long seed) {
        World world = new World(seed, weakness);
        try {
            world.run();
        } catch (RuntimeException e) {
            throw new AssertionError(
                    "seed %d: %s%nrun it alone with -Dlepton.simulation.seed=%d; the last that happened:%n%s"
                            .formatted(seed, e, seed, world.trace()),
                    e);
        }
    }

    /** The first seed of these whose world breaks the promise. */
    OptionalLong firstToBreak(String promise, LongStream seeds) {
        return seeds.filter(seed -> breaks(promise, seed)).findFirst();
    }

    private boolean breaks(String promise, long seed) {
        try {
            run(seed);
            return false;
        } catch (AssertionError e) {
            return String.valueOf(e.getMessage()).contains(promise);
        }
    }
}
