package dev.lepton.benchmarks.start;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SeriesTests {

    @Test
    void theMedianIsTheMiddleOneAndTheLowerOfTwo() {
        Series series = new Series();
        series.add(3);
        series.add(1);
        assertThat(series.median()).isEqualTo(1);

        series.add(2);
        assertThat(series.median()).isEqualTo(2);
        assertThat(series).hasToString("2.0 s (1.0 to 3.0, 3 runs)");
    }
}
