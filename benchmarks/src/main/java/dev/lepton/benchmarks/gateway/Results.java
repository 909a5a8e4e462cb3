package dev.lepton.benchmarks.gateway;

import dev.lepton.benchmarks.peer.Peer;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/** The rounds of all peers, and the table that comes of them. */
final class Results {

    private final Map<Peer, List<Round>> rounds = new EnumMap<>(Peer.class);

    void add(Peer peer, Round round) {
        rounds.computeIfAbsent(peer, _ -> new ArrayList<>()).add(round);
    }

    /** The middle one; of an even number the lower of the two. */
    static double median(List<Double> values) {
        return values.stream().sorted().toList().get((values.size() - 1) / 2);
    }

    double median(Peer peer, ToDoubleFunction<Round> figure) {
        return median(of(peer).stream().mapToDouble(figure).boxed().toList());
    }

    /** How many times Lepton's figure another's is, from the peers' figures of the same round. */
    double ratio(Peer peer, ToDoubleFunction<Round> figure) {
        List<Round> lepton = of(Peer.LEPTON);
        List<Round> other = of(peer);
        return median(
                IntStream.range(0, lepton.size())
                        .mapToObj(i ->
                                figure.applyAsDouble(lepton.get(i))
                                        / figure.applyAsDouble(other.get(i)))
                        .toList());
    }

    private List<Round> of(Peer peer) {
        return Objects.requireNonNull(rounds.get(peer), peer::title);
    }

    String table(int perSecond) {
        StringBuilder table = new StringBuilder();
        table.append(
                """
                | | requests/s | CPU of the gateway, a request | requests per CPU-second | Lepton's are | allocated, a request | waits, a request | p50, p99, p99.9 at %,d requests/s | failed |
                """
                        .formatted(perSecond));
        table.append("| --- ".repeat(9)).append("|\n");
        rounds.keySet().forEach(peer -> table.append(row(peer)));
        return table.toString();
    }

    private String row(Peer peer) {
        double allocated = median(peer, Round::allocatedBytes);
        return String.format(
                Locale.ROOT,
                "| %s | %,.0f (%s) | %.1f µs (%s) | %,.0f | %s | %s | %.2f | %.2f, %.2f, %.2f ms | %d |%n",
                peer.title(),
                median(peer, Round::perSecond),
                range(peer, "%,.0f", Round::perSecond),
                median(peer, Round::cpuMicros),
                range(peer, "%.1f", Round::cpuMicros),
                median(peer, Round::perCpuSecond),
                rounds.containsKey(Peer.LEPTON)
                        ? String.format(Locale.ROOT, "%.2f ×", ratio(peer, Round::perCpuSecond))
                        : "",
                Double.isNaN(allocated)
                        ? ""
                        : String.format(Locale.ROOT, "%.1f KB", allocated / 1000),
                median(peer, Round::waits),
                median(peer, Round::p50),
                median(peer, Round::p99),
                median(peer, Round::p999),
                of(peer).stream().mapToLong(Round::failed).sum());
    }

    private String range(Peer peer, String format, ToDoubleFunction<Round> figure) {
        var all = of(peer).stream().mapToDouble(figure).summaryStatistics();
        return String.format(Locale.ROOT, format + " to " + format, all.getMin(), all.getMax());
    }
}
