package dev.lepton.registry.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lepton.registry.simulation.kernel.Weakness;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SimulationTests {

    private static final String ONE_SEED = "lepton.simulation.seed";
    private static final int SEEDS = Boolean.getBoolean("lepton.endurance") ? 100_000 : 2_000;

    private final Simulation simulation = new Simulation(Weakness.NONE);

    /** Those that have found something once, in the platform or in its model. */
    @ParameterizedTest
    @ValueSource(
            longs = {
                46, 132, 1312, 1419, 3486, 9725, 9841, 13022, 14930, 17609, 19240, 19870, 20980,
                26511, 35955, 43344, 43945, 45294
            })
    void seedThatOnceFoundSomethingKeepsEveryPromise(long seed) {
        simulation.run(seed);
    }

    @Test
    void everySeedKeepsEveryPromise() {
        seeds().forEach(simulation::run);
    }

    @Test
    void seedAlwaysHasTheSameInStore() {
        String first = traceOf(4711);
        String second = traceOf(4711);

        assertThat(second).isEqualTo(first).contains("registered");
    }

    private static LongStream seeds() {
        Long one = Long.getLong(ONE_SEED);
        return one == null ? LongStream.rangeClosed(1, SEEDS) : LongStream.of(one);
    }

    private static String traceOf(long seed) {
        World world = new World(seed, Weakness.NONE);
        world.run();
        return world.trace().toString();
    }
}
