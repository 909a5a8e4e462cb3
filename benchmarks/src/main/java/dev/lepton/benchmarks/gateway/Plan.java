package dev.lepton.benchmarks.gateway;

import dev.lepton.benchmarks.Options;
import dev.lepton.benchmarks.peer.Peer;
import dev.lepton.benchmarks.process.Program;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What is measured, and for how long.
 *
 * @param wrk the program that loads the gateways fully
 * @param services of which the last one is measured
 * @param seconds of each measurement: each round has one at full load and one at the fixed rate
 * @param warmUp seconds of full load, at least, before the first round
 * @param connections that the client keeps open at full load
 * @param rate requests each second of the second measurement
 * @param jvmDefaults whether the gateways run without the JVM options of lepton.yml
 * @param profile whether to tell at the end what the JVMs spend their time in
 */
record Plan(
        Path wrk,
        int services,
        int rounds,
        int seconds,
        int warmUp,
        int connections,
        int rate,
        boolean jvmDefaults,
        boolean profile,
        Set<Peer> peers) {

    private static final Map<String, String> DEFAULTS =
            Map.of(
                    "--services", "1",
                    "--rounds", "3",
                    "--seconds", "15",
                    "--warm-up", "25",
                    "--connections", "64",
                    "--rate", "1000",
                    "--jvm", "lepton",
                    "--profile", "yes",
                    "--peers", Peer.words());

    Plan {
        peers = EnumSet.copyOf(peers);
    }

    static Plan parse(List<String> arguments) {
        Options options = new Options(DEFAULTS, arguments);
        return new Plan(
                Program.require("wrk", "wrk"),
                options.number("--services"),
                options.number("--rounds"),
                options.number("--seconds"),
                options.number("--warm-up"),
                options.number("--connections"),
                options.number("--rate"),
                options.oneOf("--jvm", "lepton", "defaults").equals("defaults"),
                options.oneOf("--profile", "yes", "no").equals("yes"),
                Peer.parse(options.text("--peers")));
    }
}
