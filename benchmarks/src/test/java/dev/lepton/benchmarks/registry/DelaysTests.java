package dev.lepton.benchmarks.registry;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DelaysTests {

    @Test
    void ninetyNineOfAHundredTakeNoLongerThanTheNinetyNinth() {
        Delays delays =
                new Delays(
                        IntStream.rangeClosed(1, 100).mapToObj(i -> (double) (101 - i)).toList());

        assertThat(delays.at(0.5)).isEqualTo(50);
        assertThat(delays.at(0.99)).isEqualTo(99);
        assertThat(delays.row("all", 99)).endsWith("| 99 ms | yes |\n");
        assertThat(delays.row("all", 98)).endsWith("| 98 ms | no |\n");
    }

    @Test
    void whatNeverHappenedIsNotInTime() {
        assertThat(new Delays(List.of()).row("none", 98)).endsWith("| no |\n");
    }
}
