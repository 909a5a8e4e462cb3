package dev.lepton.benchmarks.faults;

import dev.lepton.benchmarks.Options;
import dev.lepton.benchmarks.peer.Peer;
import dev.lepton.benchmarks.process.Program;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What is measured, and for how long.
 *
 * @param wrk the program that warms the gateways up
 * @param length of the load, in which the fault happens
 * @param rate requests each second
 */
record Plan(
        Path wrk,
        Duration warmUp,
        Duration length,
        Duration faultAfter,
        int rate,
        Set<Peer> peers) {

    private static final Map<String, String> DEFAULTS =
            Map.of(
                    "--warm-up", "20",
                    "--seconds", "24",
                    "--fault-after", "8",
                    "--rate", "200",
                    "--peers", "lepton,stock,haproxy,nginx");

    Plan {
        peers = EnumSet.copyOf(peers);
        if (faultAfter.compareTo(length) >= 0) {
            throw new IllegalArgumentException(
                    "'--fault-after' %d must be less than '--seconds' %d"
                            .formatted(faultAfter.toSeconds(), length.toSeconds()));
        }
    }

    static Plan parse(List<String> arguments) {
        Options options = new Options(DEFAULTS, arguments);
        return new Plan(
                Program.require("wrk", "wrk"),
                Duration.ofSeconds(options.number("--warm-up")),
                Duration.ofSeconds(options.number("--seconds")),
                Duration.ofSeconds(options.number("--fault-after")),
                options.number("--rate"),
                Peer.parse(options.text("--peers")));
    }
}
