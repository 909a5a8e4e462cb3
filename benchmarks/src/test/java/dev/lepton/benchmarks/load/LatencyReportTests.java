package dev.lepton.benchmarks.load;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lepton.benchmarks.load.OpenLoop.Sample;
import java.time.Duration;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class LatencyReportTests {

    private static final long MILLI = 1_000_000;

    @Test
    void aShareOfTheRequestsTookAtMostTheLongestOfThem() {
        List<Sample> samples =
                LongStream.rangeClosed(1, 1000)
                        .mapToObj(i -> new Sample(Duration.ZERO, 0, true, (1001 - i) * MILLI))
                        .toList();

        LatencyReport report = LatencyReport.of(samples);

        assertThat(report.requests()).isEqualTo(1000);
        assertThat(report.millis(0.5)).isEqualTo(500);
        assertThat(report.millis(0.99)).isEqualTo(990);
        assertThat(report.millis(0.999)).isEqualTo(999);
        assertThat(report.millis(1)).isEqualTo(1000);
    }

    @Test
    void aRequestThatFailedCountsWithTheTimeThatItTook() {
        LatencyReport report =
                LatencyReport.of(
                        List.of(
                                new Sample(Duration.ofSeconds(1), 3 * MILLI, true, 4 * MILLI),
                                new Sample(Duration.ofSeconds(2), MILLI, false, 5000 * MILLI)));

        assertThat(report.failed()).isEqualTo(1);
        assertThat(report.failedWithin(Duration.ofSeconds(2))).isZero();
        assertThat(report.failedWithin(Duration.ofMillis(2001))).isEqualTo(1);
        assertThat(report.millis(0.5)).as("from due, not from sent").isEqualTo(7);
        assertThat(report.millis(1)).isEqualTo(5001);
        assertThat(report.lagMillis(1)).isEqualTo(3);
    }

    @Test
    void withoutRequestsThereIsNoTime() {
        assertThat(LatencyReport.of(List.of()).millis(0.5)).isNaN();
    }
}
