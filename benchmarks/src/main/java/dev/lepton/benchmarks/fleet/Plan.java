package dev.lepton.benchmarks.fleet;

import dev.lepton.benchmarks.Options;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * What is measured, and for how long.
 *
 * @param fleets how many units there are, one fleet after the other
 * @param length of the measurement of each
 * @param warmUp in which all units beat already
 * @param heapMegabytes of the registry
 * @param plot the file of the picture, from the checkout
 */
record Plan(List<Integer> fleets, Duration length, Duration warmUp, int heapMegabytes, Path plot) {

    private static final Map<String, String> DEFAULTS =
            Map.of(
                    "--units", "1000,10000,100000",
                    "--seconds", "300",
                    "--warm-up", "30",
                    "--heap", "1024",
                    "--plot", "docs/fleet-cost.svg");

    Plan {
        fleets = List.copyOf(fleets);
    }

    static Plan parse(List<String> arguments) {
        Options options = new Options(DEFAULTS, arguments);
        return new Plan(
                fleets(options.text("--units")),
                Duration.ofSeconds(options.number("--seconds")),
                Duration.ofSeconds(options.number("--warm-up")),
                options.number("--heap"),
                Path.of(options.text("--plot")));
    }

    private static List<Integer> fleets(String text) {
        if (!text.matches("[1-9]\\d{0,5}(,[1-9]\\d{0,5})*")) {
            throw new IllegalArgumentException(
                    "'--units' must be whole numbers from 1 to 999999 with commas between them, and is '%s'"
                            .formatted(text));
        }
        return Arrays.stream(text.split(",")).map(Integer::valueOf).toList();
    }
}
