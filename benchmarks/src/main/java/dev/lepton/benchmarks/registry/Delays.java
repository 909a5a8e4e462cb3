package dev.lepton.benchmarks.registry;

import java.util.List;
import java.util.Locale;

/** How long something took each time, in milliseconds. */
record Delays(List<Double> millis) {

    Delays {
        millis = millis.stream().sorted().toList();
    }

    /** So long or less it took in this share of all cases; not a number of none. */
    double at(double share) {
        return millis.isEmpty()
                ? Double.NaN
                : millis.get(Math.max(0, (int) Math.ceil(share * millis.size()) - 1));
    }

    String row(String what, double most) {
        return String.format(
                Locale.ROOT,
                "| %s | %d | %.1f ms | %.1f ms | %.1f ms | %.0f ms | %s |\n",
                what,
                millis.size(),
                at(0.5),
                at(0.99),
                at(1),
                most,
                at(0.99) <= most ? "yes" : "no");
    }
}
