package dev.lepton.benchmarks.registry;

import dev.lepton.benchmarks.Options;
import dev.lepton.benchmarks.process.Program;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * What is measured, and for how long.
 *
 * @param wrk the program that loads the registries
 * @param units that are registered in each and beat
 * @param length of each measurement
 * @param warmUp of beats, before the first round
 * @param connections that the client keeps open for single beats
 * @param registering connections for registrations
 * @param batching connections for batches
 * @param jvmDefaults whether the registries run without the JVM options of lepton.yml
 * @param watched how many units are registered to see when watchers see them
 * @param profile whether to tell at the end what the registries spend their time in
 */
record Plan(
        Path wrk,
        int units,
        int rounds,
        Duration length,
        Duration warmUp,
        int connections,
        int registering,
        int batching,
        boolean jvmDefaults,
        int watched,
        boolean profile) {

    /** A batch may hold no more. */
    static final int MOST_UNITS = 1_000;

    /** Of which some exit, and some fall silent, and the others go on. */
    static final int LEAST_WATCHED = 100;

    private static final Map<String, String> DEFAULTS =
            Map.of(
                    "--units", "1000",
                    "--rounds", "3",
                    "--seconds", "15",
                    "--warm-up", "100",
                    "--connections", "64",
                    "--registering", "32",
                    "--batching", "4",
                    "--jvm", "defaults",
                    "--watched", "300",
                    "--profile", "yes");

    Plan {
        if (watched < LEAST_WATCHED) {
            throw new IllegalArgumentException(
                    "'--watched' must be at least %d, and is %d".formatted(LEAST_WATCHED, watched));
        }
        if (units > MOST_UNITS) {
            throw new IllegalArgumentException(
                    "'--units' must be from 1 to %d, the limit of a batch, and is %d"
                            .formatted(MOST_UNITS, units));
        }
    }

    static Plan parse(List<String> arguments) {
        Options options = new Options(DEFAULTS, arguments);
        return new Plan(
                Program.require("wrk", "wrk"),
                options.number("--units"),
                options.number("--rounds"),
                Duration.ofSeconds(options.number("--seconds")),
                Duration.ofSeconds(options.number("--warm-up")),
                options.number("--connections"),
                options.number("--registering"),
                options.number("--batching"),
                options.oneOf("--jvm", "lepton", "defaults").equals("defaults"),
                options.number("--watched"),
                options.oneOf("--profile", "yes", "no").equals("yes"));
    }

    int connections(Load load) {
        return switch (load) {
            case BEATS -> connections;
            case BATCHES -> batching;
            case REGISTRATIONS -> registering;
        };
    }

    /** How many beats or registrations one call holds. */
    int inOneCall(Load load) {
        return load == Load.BATCHES ? units : 1;
    }
}
