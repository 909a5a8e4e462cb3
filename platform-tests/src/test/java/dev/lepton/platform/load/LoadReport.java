package dev.lepton.platform.load;

import java.util.Comparator;
import java.util.List;
import java.util.function.ToLongFunction;

/** All requests of a load, in the order in which they were due. */
public record LoadReport(List<Sample> samples) {

    public LoadReport {
        samples = samples.stream().sorted(Comparator.comparingLong(Sample::dueNanos)).toList();
    }

    public List<Sample> failures() {
        return samples.stream().filter(s -> s.failure() != null).toList();
    }

    /** The part of the requests that were due in {@code [fromNanos, toNanos)}. */
    public LoadReport between(long fromNanos, long toNanos) {
        return new LoadReport(
                samples.stream()
                        .filter(s -> s.dueNanos() - fromNanos >= 0 && s.dueNanos() - toNanos < 0)
                        .toList());
    }

    /**
     * Milliseconds from due to done that the given share of the requests did not exceed; the
     * maximum for 1.
     */
    public double latencyMillis(double share) {
        return percentileMillis(share, Sample::latencyNanos);
    }

    /** Milliseconds that the generator itself was late with the given share of its requests. */
    public double lagMillis(double share) {
        return percentileMillis(share, Sample::lagNanos);
    }

    private double percentileMillis(double share, ToLongFunction<Sample> nanos) {
        long[] sorted = samples.stream().mapToLong(nanos).sorted().toArray();
        if (sorted.length == 0) {
            return Double.NaN;
        }
        int index = (int) Math.ceil(share * sorted.length) - 1;
        return sorted[Math.clamp(index, 0, sorted.length - 1)] / 1e6;
    }

    @Override
    public String toString() {
        return "%d requests, %d failed, p50 %.1f ms, p99 %.1f ms, p99.9 %.1f ms, max %.1f ms, generator late p99 %.1f ms%s"
                .formatted(
                        samples.size(),
                        failures().size(),
                        latencyMillis(0.5),
                        latencyMillis(0.99),
                        latencyMillis(0.999),
                        latencyMillis(1),
                        lagMillis(0.99),
                        failures().stream()
                                .limit(3)
                                .map(s -> "\n  failed: " + s.failure())
                                .reduce("", String::concat));
    }
}
