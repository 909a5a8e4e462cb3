package dev.lepton.worker.primes;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PrimesTests {

    @ParameterizedTest
    @CsvSource({
        "2, 0, 0",
        "3, 1, 2",
        "4, 2, 3",
        "10, 4, 7",
        "12, 5, 11",
        "1000000, 78498, 999983",
        "5000000, 348513, 4999999"
    })
    void countsThePrimesBelowABoundAndFindsTheLargest(int below, int count, int largest) {
        assertThat(Primes.below(below)).isEqualTo(new Primes(below, count, largest));
    }
}
