package dev.lepton.benchmarks.registry;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/** The rounds of all loads of both registries, and the tables that come of them. */
final class Results {

    private static final double LEAST_BEATS_RATIO = 3;
    private static final double LEAST_BATCHED = 100_000;
    private static final double LEAST_REGISTRATIONS_RATIO = 1;

    private final Map<Load, Map<String, List<Round>>> rounds = new LinkedHashMap<>();

    void add(Load load, String title, Round round) {
        rounds.computeIfAbsent(load, _ -> new LinkedHashMap<>())
                .computeIfAbsent(title, _ -> new ArrayList<>())
                .add(round);
    }

    private List<Round> of(Load load, String title) {
        return rounds.getOrDefault(load, Map.of()).getOrDefault(title, List.of());
    }

    /** The middle one; of an even number the lower of the two, of none not a number. */
    static double median(List<Double> values) {
        return values.isEmpty()
                ? Double.NaN
                : values.stream().sorted().toList().get((values.size() - 1) / 2);
    }

    /** Of the rounds in which nothing failed. */
    double median(Load load, String title, ToDoubleFunction<Round> figure) {
        return median(
                of(load, title).stream()
                        .filter(round -> !round.isVoid())
                        .map(figure::applyAsDouble)
                        .toList());
    }

    /**
     * How many times the second one's rate the first one's is: the median of what the rounds say,
     * each of which compares rates that were taken soon after one another.
     */
    double ratio(Load load, String one, String other) {
        List<Round> ours = of(load, one);
        List<Round> theirs = of(load, other);
        return median(
                IntStream.range(0, Math.min(ours.size(), theirs.size()))
                        .filter(i -> !ours.get(i).isVoid() && !theirs.get(i).isVoid())
                        .mapToObj(i -> ours.get(i).perSecond() / theirs.get(i).perSecond())
                        .toList());
    }

    String figures() {
        StringBuilder table =
                new StringBuilder(
                        "| | | a second (least to most) | processor time of the registry, each | of PostgreSQL, each | rounds void, calls failed |\n"
                                + "| --- ".repeat(6)
                                + "|\n");
        rounds.forEach(
                (load, all) -> all.keySet().forEach(title -> table.append(figuresOf(load, title))));
        return table.toString();
    }

    private String figuresOf(Load load, String title) {
        List<Round> all = of(load, title);
        List<Round> sound = all.stream().filter(round -> !round.isVoid()).toList();
        var rates = sound.stream().mapToDouble(Round::perSecond).summaryStatistics();
        return line(
                "| %s | %s | %s | %s | %s | %d, %d |\n",
                load.description(),
                title,
                sound.isEmpty()
                        ? ""
                        : line(
                                "%,.0f (%,.0f to %,.0f)",
                                median(load, title, Round::perSecond),
                                rates.getMin(),
                                rates.getMax()),
                sound.isEmpty() ? "" : line("%.1f µs", median(load, title, Round::registryMicros)),
                sound.isEmpty() ? "" : line("%.1f µs", median(load, title, Round::databaseMicros)),
                all.size() - sound.size(),
                all.stream().mapToLong(Round::failed).sum());
    }

    /** What the registry is to reach beside another, and whether it does. */
    String aims(String ours, String theirs) {
        double beats = ratio(Load.BEATS, ours, theirs);
        double batched = median(Load.BATCHES, ours, Round::perSecond);
        double registrations = ratio(Load.REGISTRATIONS, ours, theirs);
        return "| aim | measured | reached |\n| --- | --- | --- |\n"
                + aim(
                        line("single beats at least %.0f times %s's", LEAST_BEATS_RATIO, theirs),
                        line("%.2f times", beats),
                        beats >= LEAST_BEATS_RATIO)
                + aim(
                        line("at least %,.0f batched beats a second", LEAST_BATCHED),
                        line("%,.0f", batched),
                        batched >= LEAST_BATCHED)
                + aim(
                        line("registrations at least as many as %s's, each durable", theirs),
                        line("%.2f times", registrations),
                        registrations >= LEAST_REGISTRATIONS_RATIO);
    }

    private static String aim(String what, String measured, boolean reached) {
        return line("| %s | %s | %s |\n", what, measured, reached ? "yes" : "no");
    }

    private static String line(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
