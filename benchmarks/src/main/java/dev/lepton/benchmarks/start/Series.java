package dev.lepton.benchmarks.start;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/** Several measurements of one thing, in seconds. */
final class Series {

    private final List<Double> seconds = new ArrayList<>();

    void add(double measured) {
        seconds.add(measured);
    }

    /** The middle one; of an even number the lower of the two. */
    double median() {
        List<Double> sorted = new ArrayList<>(seconds);
        Collections.sort(sorted);
        return sorted.get((sorted.size() - 1) / 2);
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "%.1f s (%.1f to %.1f, %d runs)",
                median(),
                Collections.min(seconds),
                Collections.max(seconds),
                seconds.size());
    }
}
