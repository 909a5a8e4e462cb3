package dev.lepton.benchmarks.gateway;

import dev.lepton.benchmarks.peer.Peer;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What is measured, and for how long.
 *
 * @param services of which the last one is measured
 * @param seconds of each measurement: each round has one at full load and one at the fixed rate
 * @param warmUp seconds of full load before the first round
 * @param connections that the client keeps open at full load
 * @param perSecond the fixed rate
 * @param jvmDefaults whether the gateways run without the JVM options of lepton.yml
 */
record Options(
        int services,
        int rounds,
        int seconds,
        int warmUp,
        int connections,
        int perSecond,
        boolean jvmDefaults,
        Set<Peer> peers) {

    static final String USAGE =
            """
            options of gateway: --services N (1)  --rounds N (3)  --seconds N (15)  --warm-up SECONDS (25)
              --connections N (64)  --rate PER-SECOND (1000)  --jvm lepton|defaults (lepton)
              --peers NAME,… (%s)\
            """
                    .formatted(words(List.of(Peer.values())));

    Options {
        peers = EnumSet.copyOf(peers);
    }

    static Options parse(List<String> arguments) {
        Options options = new Options(1, 3, 15, 25, 64, 1000, false, EnumSet.allOf(Peer.class));
        if (arguments.size() % 2 != 0) {
            throw new IllegalArgumentException(
                    "'" + arguments.getLast() + "' has no value\n" + USAGE);
        }
        for (int i = 0; i < arguments.size(); i += 2) {
            options = options.with(arguments.get(i), arguments.get(i + 1));
        }
        return options;
    }

    private Options with(String name, String value) {
        return switch (name) {
            case "--services" ->
                    new Options(
                            number(name, value),
                            rounds,
                            seconds,
                            warmUp,
                            connections,
                            perSecond,
                            jvmDefaults,
                            peers);
            case "--rounds" ->
                    new Options(
                            services,
                            number(name, value),
                            seconds,
                            warmUp,
                            connections,
                            perSecond,
                            jvmDefaults,
                            peers);
            case "--seconds" ->
                    new Options(
                            services,
                            rounds,
                            number(name, value),
                            warmUp,
                            connections,
                            perSecond,
                            jvmDefaults,
                            peers);
            case "--warm-up" ->
                    new Options(
                            services,
                            rounds,
                            seconds,
                            number(name, value),
                            connections,
                            perSecond,
                            jvmDefaults,
                            peers);
            case "--connections" ->
                    new Options(
                            services,
                            rounds,
                            seconds,
                            warmUp,
                            number(name, value),
                            perSecond,
                            jvmDefaults,
                            peers);
            case "--rate" ->
                    new Options(
                            services,
                            rounds,
                            seconds,
                            warmUp,
                            connections,
                            number(name, value),
                            jvmDefaults,
                            peers);
            case "--jvm" ->
                    new Options(
                            services,
                            rounds,
                            seconds,
                            warmUp,
                            connections,
                            perSecond,
                            defaults(value),
                            peers);
            case "--peers" ->
                    new Options(
                            services,
                            rounds,
                            seconds,
                            warmUp,
                            connections,
                            perSecond,
                            jvmDefaults,
                            peers(value));
            default -> throw new IllegalArgumentException("'" + name + "' is no option\n" + USAGE);
        };
    }

    private static int number(String name, String value) {
        if (!value.matches("[1-9]\\d{0,5}")) {
            throw new IllegalArgumentException(
                    "%s must be a whole number from 1 on, and is '%s'".formatted(name, value));
        }
        return Integer.parseInt(value);
    }

    private static boolean defaults(String value) {
        return switch (value) {
            case "lepton" -> false;
            case "defaults" -> true;
            default ->
                    throw new IllegalArgumentException(
                            "--jvm must be 'lepton' or 'defaults', and is '" + value + "'");
        };
    }

    private static Set<Peer> peers(String value) {
        List<String> words = List.of(value.split(","));
        Set<Peer> peers =
                Arrays.stream(Peer.values())
                        .filter(peer -> words.contains(peer.word()))
                        .collect(Collectors.toCollection(() -> EnumSet.noneOf(Peer.class)));
        if (peers.size() != words.size()) {
            throw new IllegalArgumentException(
                    "--peers must name some of %s, each once, and is '%s'"
                            .formatted(words(List.of(Peer.values())), value));
        }
        return peers;
    }

    private static String words(List<Peer> peers) {
        return peers.stream().map(Peer::word).collect(Collectors.joining(","));
    }
}
