package dev.lepton.benchmarks.fleet;

import dev.lepton.benchmarks.process.Usage;
import java.time.Duration;
import java.util.Locale;

/**
 * What one fleet cost.
 *
 * @param registering how long it took to register all units
 * @param interval that the registry told the units at the end
 * @param length of the measurement
 * @param heapBytes used of the registry's heap after a collection
 * @param residentBytes of the registry
 * @param flushMillis age of the last flush of marks: the middle one and the longest that was seen
 */
record Cost(
        int units,
        Duration registering,
        Duration interval,
        Duration length,
        Tally tally,
        Usage registry,
        Usage database,
        long heapBytes,
        long residentBytes,
        double[] flushMillis,
        Stored before,
        Stored after) {

    static String head() {
        return "| units | registered in | beats | registry, a beat | of a core | PostgreSQL, a beat | of a core | heap after a collection, resident | answer to a batch: p50, p99, longest | age of the last flush: p50, longest | marks updated within their page | database before, after | changes in the log, of doubt ever | flaws |\n"
                + "| --- ".repeat(14)
                + "|\n";
    }

    double registryShare() {
        return registry.cpuMicros() / 1e3 / length.toMillis();
    }

    double databaseShare() {
        return database.cpuMicros() / 1e3 / length.toMillis();
    }

    /** The beats that came, of those that were due. */
    double shareOfBeats() {
        return (double) tally.beats() * interval.toMillis() / units / length.toMillis();
    }

    String row() {
        return String.format(
                Locale.ROOT,
                "| %,d | %.0f s, %,.0f/s | %,.0f/s, every %s | %.2f µs | %.1f %% | %.2f µs | %.1f %% | %.0f MB, %.0f MB | %.1f, %.1f, %.0f ms | %.0f, %.0f ms | %.2f %% | %.1f MB, %.1f MB | %,d, %,d | %s |\n",
                units,
                registering.toMillis() / 1e3,
                units * 1e3 / registering.toMillis(),
                tally.beats() * 1e3 / length.toMillis(),
                interval.toString().substring(2).toLowerCase(Locale.ROOT),
                registry.cpuMicros() / (double) tally.beats(),
                100 * registryShare(),
                database.cpuMicros() / (double) tally.beats(),
                100 * databaseShare(),
                heapBytes / 1e6,
                residentBytes / 1e6,
                tally.millis(0.5),
                tally.millis(0.99),
                tally.millis(1),
                flushMillis[0],
                flushMillis[1],
                100 * after.hotShareSince(before),
                before.bytes() / 1e6,
                after.bytes() / 1e6,
                after.revision() - before.revision(),
                after.doubts(),
                tally.flawless() ? "none" : tally);
    }
}
