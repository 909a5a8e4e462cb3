package dev.lepton.benchmarks.gateway;

import dev.lepton.benchmarks.peer.Peer;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The rounds of all peers, and the tables that come of them. */
final class Results {

    private final Map<Peer, List<Round>> rounds = new EnumMap<>(Peer.class);

    void add(Peer peer, Round round) {
        rounds.computeIfAbsent(peer, _ -> new ArrayList<>()).add(round);
    }

    /** The middle one; of an even number the lower of the two. */
    static double median(List<Double> values) {
        return values.stream().sorted().toList().get((values.size() - 1) / 2);
    }

    private double median(Peer peer, ToDoubleFunction<Round> figure) {
        return median(of(peer).stream().map(figure::applyAsDouble).toList());
    }

    /**
     * How many times the other's figure Lepton's is: the median of what the rounds say, each of
     * which compares figures that were taken soon after one another.
     */
    double ratio(Peer other, ToDoubleFunction<Round> figure) {
        List<Round> lepton = of(Peer.LEPTON);
        List<Round> others = of(other);
        return median(
                IntStream.range(0, lepton.size())
                        .mapToObj(i ->
                                figure.applyAsDouble(lepton.get(i))
                                        / figure.applyAsDouble(others.get(i)))
                        .toList());
    }

    private List<Round> of(Peer peer) {
        return rounds.getOrDefault(peer, List.of());
    }

    /** Figures of each peer: medians, with the least and the most of those that vary most. */
    String figures(int rate) {
        String head =
                "| | requests/s at full load | processor time of the gateway, a request | of that in the kernel | requests per CPU-second | allocated, a request | waits, a request | p50, p99, p99.9 at %,d/s | failed |\n"
                        .formatted(rate);
        return head
                + "| --- ".repeat(9)
                + "|\n"
                + rounds.keySet().stream().map(this::figuresOf).collect(Collectors.joining());
    }

    private String figuresOf(Peer peer) {
        return line(
                "| %s | %,.0f (%s) | %.1f µs (%s) | %.0f %% | %,.0f | %s | %.2f | %.2f, %.2f, %.2f ms | %d |\n",
                peer.title(),
                median(peer, Round::perSecond),
                range(peer, "%,.0f", Round::perSecond),
                median(peer, Round::cpuMicros),
                range(peer, "%.1f", Round::cpuMicros),
                median(peer, round -> 100 * round.systemMicros() / round.cpuMicros()),
                median(peer, Round::perCpuSecond),
                peer.jvm() ? line("%.1f KB", median(peer, Round::allocatedBytes) / 1000) : "",
                median(peer, Round::waits),
                median(peer, Round::p50),
                median(peer, Round::p99),
                median(peer, Round::p999),
                of(peer).stream().mapToLong(Round::failed).sum());
    }

    private String range(Peer peer, String format, ToDoubleFunction<Round> figure) {
        var all = of(peer).stream().mapToDouble(figure).summaryStatistics();
        return line(format + " to " + format, all.getMin(), all.getMax());
    }

    /** Lepton's figures, as multiples of those of each other peer. */
    String ratios() {
        return "| Lepton's, times that of | requests per CPU-second | requests/s | allocated | waits | p50 | p99 | p99.9 |\n"
                + "| --- ".repeat(8)
                + "|\n"
                + rounds.keySet().stream()
                        .filter(peer -> peer != Peer.LEPTON)
                        .map(this::ratiosTo)
                        .collect(Collectors.joining());
    }

    private String ratiosTo(Peer peer) {
        return line(
                "| %s | %.2f | %.2f | %s | %.2f | %.2f | %.2f | %.2f |\n",
                peer.title(),
                ratio(peer, Round::perCpuSecond),
                ratio(peer, Round::perSecond),
                peer.jvm() ? line("%.2f", ratio(peer, Round::allocatedBytes)) : "",
                ratio(peer, Round::waits),
                ratio(peer, Round::p50),
                ratio(peer, Round::p99),
                ratio(peer, Round::p999));
    }

    /**
     * What the gateway is to reach, and whether it does.
     *
     * @param leastRatio of its requests per CPU-second to those of the stock gateway
     */
    String aims(double leastRatio) {
        double efficiency = ratio(Peer.STOCK, Round::perCpuSecond);
        double p99 = ratio(Peer.STOCK, Round::p99);
        double kilobytes = median(Peer.LEPTON, Round::allocatedBytes) / 1000;
        return "| aim | measured | reached |\n| --- | --- | --- |\n"
                + aim(
                        line(
                                "at least %.1f times the stock gateway's requests per CPU-second",
                                leastRatio),
                        line("%.2f", efficiency),
                        efficiency >= leastRatio)
                + aim(
                        "at most 20 KB allocated for a request",
                        line("%.1f KB", kilobytes),
                        kilobytes <= 20)
                + aim(
                        "p99 not above the stock gateway's",
                        line("%.2f times as long", p99),
                        p99 <= 1);
    }

    private static String aim(String what, String measured, boolean reached) {
        return "| %s | %s | %s |\n".formatted(what, measured, reached ? "yes" : "no");
    }

    boolean compares(Peer one, Peer other) {
        return rounds.containsKey(one) && rounds.containsKey(other);
    }

    boolean has(Peer peer) {
        return rounds.containsKey(peer);
    }

    private static String line(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
