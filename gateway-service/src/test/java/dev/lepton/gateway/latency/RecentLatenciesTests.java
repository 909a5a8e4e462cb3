package dev.lepton.gateway.latency;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RecentLatenciesTests {

    private static final double WIDTH = 1.091;

    private long now = -Duration.ofSeconds(7).toNanos();

    private final RecentLatencies latencies = new RecentLatencies(0.95, now);

    private void pass(Duration time) {
        now += time.toNanos();
    }

    private void record(int times, Duration latency) {
        IntStream.range(0, times).forEach(i -> latencies.record(latency.toNanos(), now));
    }

    private long quantileMillis() {
        pass(Duration.ofMillis(100));
        long nanos = latencies.quantileNanos(now);
        return nanos == RecentLatencies.UNKNOWN ? nanos : Duration.ofNanos(nanos).toMillis();
    }

    @Test
    void tooFewRequestsTellNothing() {
        record(RecentLatencies.MINIMUM - 1, Duration.ofMillis(10));
        assertThat(quantileMillis()).isEqualTo(RecentLatencies.UNKNOWN);

        record(1, Duration.ofMillis(10));
        assertThat(quantileMillis()).isEqualTo(10);
    }

    @Test
    void oneRequestInTwentyIsAboveTheQuantile() {
        record(950, Duration.ofMillis(10));
        record(50, Duration.ofSeconds(1));
        assertThat(quantileMillis()).isEqualTo(10);

        record(1, Duration.ofSeconds(1));
        assertThat(quantileMillis()).isBetween(1000L, (long) (1000 * WIDTH));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void quantileIsNeverTooLowAndAtMostABucketTooHigh(long seed) {
        Random random = new Random(seed);
        long[] nanos =
                random.longs(10_000)
                        .map(any -> (long) (1e6 * Math.exp(2 * random.nextGaussian())))
                        .toArray();
        Arrays.stream(nanos).forEach(latency -> latencies.record(latency, now));
        Arrays.sort(nanos);
        long exact = nanos[(int) (0.95 * nanos.length) - 1];

        pass(Duration.ofMillis(100));

        // To the nanosecond, which the end of a bucket is cut to.
        assertThat(latencies.quantileNanos(now)).isGreaterThanOrEqualTo(exact - 1);
        assertThat((double) latencies.quantileNanos(now)).isLessThanOrEqualTo(exact * WIDTH);
    }

    @Test
    void whatIsTenSecondsOldStillCountsAndWhatIsTwentyDoesNot() {
        record(1000, Duration.ofMillis(500));

        pass(Duration.ofSeconds(10));
        record(1000, Duration.ofMillis(1));
        assertThat(quantileMillis()).isCloseTo(500, Offset.offset(45L));

        pass(Duration.ofSeconds(10));
        record(1000, Duration.ofMillis(1));
        assertThat(quantileMillis()).isEqualTo(1);
    }

    @Test
    void afterALongPauseNothingIsKnown() {
        record(1000, Duration.ofMillis(500));

        pass(Duration.ofSeconds(20));

        assertThat(quantileMillis()).isEqualTo(RecentLatencies.UNKNOWN);
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, 0, 1, Long.MAX_VALUE})
    void timesBeyondTheHistogramCountAsItsFirstOrLast(long nanos) {
        IntStream.range(0, 1000).forEach(i -> latencies.record(nanos, now));

        assertThat(quantileMillis()).isNotEqualTo(RecentLatencies.UNKNOWN);
    }
}
