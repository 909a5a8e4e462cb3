package dev.lepton.benchmarks.load;

import dev.lepton.benchmarks.load.OpenLoop.Sample;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.function.ToLongFunction;

/** Requests at a fixed rate: how many, how many of them failed, and their times, in order. */
public final class LatencyReport {

    private final List<Duration> failures;
    private final long[] latencies;
    private final long[] lags;

    private LatencyReport(List<Duration> failures, long[] latencies, long[] lags) {
        this.failures = failures;
        this.latencies = latencies;
        this.lags = lags;
    }

    static LatencyReport of(Collection<Sample> samples) {
        return new LatencyReport(
                samples.stream()
                        .filter(sample -> !sample.answered())
                        .map(Sample::dueAfter)
                        .toList(),
                sorted(samples, Sample::latencyNanos),
                sorted(samples, Sample::lagNanos));
    }

    private static long[] sorted(Collection<Sample> samples, ToLongFunction<Sample> nanos) {
        return samples.stream().mapToLong(nanos).sorted().toArray();
    }

    public int requests() {
        return latencies.length;
    }

    /** Answered with another status than 200, or not at all. */
    public int failed() {
        return failures.size();
    }

    /** How many of the failed requests were due within this time of the begin. */
    public long failedWithin(Duration begin) {
        return failures.stream().filter(due -> due.compareTo(begin) < 0).count();
    }

    /** Milliseconds that this share of all requests, failed ones too, did not exceed. */
    public double millis(double share) {
        return at(share, latencies);
    }

    /** Milliseconds by which the client itself was late with this share of the requests. */
    public double lagMillis(double share) {
        return at(share, lags);
    }

    private static double at(double share, long[] sorted) {
        if (sorted.length == 0) {
            return Double.NaN;
        }
        int index = (int) Math.ceil(share * sorted.length) - 1;
        return sorted[Math.clamp(index, 0, sorted.length - 1)] / 1e6;
    }
}
