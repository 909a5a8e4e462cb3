package dev.lepton.benchmarks.load;

import dev.lepton.benchmarks.load.OpenLoop.Sample;
import java.util.Collection;
import java.util.function.ToLongFunction;

/** Requests at a fixed rate: how many, how many of them failed, and their times, in order. */
public final class LatencyReport {

    private final long failed;
    private final long[] latencies;
    private final long[] lags;

    private LatencyReport(long failed, long[] latencies, long[] lags) {
        this.failed = failed;
        this.latencies = latencies;
        this.lags = lags;
    }

    static LatencyReport of(Collection<Sample> samples) {
        return new LatencyReport(
                samples.stream().filter(sample -> !sample.answered()).count(),
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
    public long failed() {
        return failed;
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
