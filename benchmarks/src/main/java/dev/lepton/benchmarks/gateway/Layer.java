package dev.lepton.benchmarks.gateway;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** What a gateway's processor time is spent in. */
enum Layer {
    SYSTEM_CALLS("system calls of Netty", "io.netty.channel.epoll.", "io.netty.channel.unix."),
    NETTY("Netty", "io.netty."),
    REACTOR_NETTY("reactor-netty", "reactor.netty."),
    REACTOR("Reactor", "reactor.", "org.reactivestreams."),
    GATEWAY("Spring Cloud", "org.springframework.cloud."),
    SPRING("Spring, Micrometer", "org.springframework.", "io.micrometer."),
    LEPTON("Lepton", "dev.lepton."),
    OTHER("others");

    private final String title;
    private final List<String> prefixes;

    Layer(String title, String... prefixes) {
        this.title = title;
        this.prefixes = List.of(prefixes);
    }

    /**
     * That of the innermost class that is not the JDK's: whoever calls the JDK pays for it.
     *
     * @param stack names of classes, the innermost first
     */
    static Layer of(List<String> stack) {
        return stack.stream()
                .filter(type ->
                        !type.startsWith("java.")
                                && !type.startsWith("jdk.")
                                && !type.startsWith("sun."))
                .findFirst()
                .flatMap(type ->
                        Arrays.stream(values())
                                .filter(layer -> layer.prefixes.stream().anyMatch(type::startsWith))
                                .findFirst())
                .orElse(OTHER);
    }

    /** A row of the table of all layers: the share of each in these samples. */
    static String shares(String title, List<List<String>> stacks) {
        Map<Layer, Long> samples =
                stacks.stream()
                        .collect(
                                Collectors.groupingBy(
                                        Layer::of,
                                        () -> new EnumMap<>(Layer.class),
                                        Collectors.counting()));
        StringBuilder row = new StringBuilder("| ").append(title).append(" |");
        for (Layer layer : values()) {
            row.append(
                    String.format(
                            Locale.ROOT,
                            " %.0f %% |",
                            100.0 * samples.getOrDefault(layer, 0L) / Math.max(1, stacks.size())));
        }
        return row.append(" ").append(stacks.size()).append(" |\n").toString();
    }

    static String head() {
        return "| | "
                + Arrays.stream(values())
                        .map(layer -> layer.title)
                        .collect(Collectors.joining(" | "))
                + " | samples |\n"
                + "| --- ".repeat(values().length + 2)
                + "|\n";
    }
}
