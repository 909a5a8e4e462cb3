package dev.lepton.benchmarks.registry;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ResultsTests {

    private final Results results = new Results();

    private static Round sound(double perSecond) {
        return new Round(perSecond, 40, 1, 0);
    }

    @Test
    void aRoundInWhichACallFailedCountsForNothing() {
        results.add(Load.BEATS, "Lepton", new Round(500, 40, 1, 1));
        results.add(Load.BEATS, "Lepton", sound(6_000));
        results.add(Load.BEATS, "Eureka", sound(1_000));
        results.add(Load.BEATS, "Eureka", sound(3_000));

        assertThat(results.ratio(Load.BEATS, "Lepton", "Eureka")).isEqualTo(2);
        assertThat(results.figures())
                .contains("| Lepton | 6,000 (6,000 to 6,000) | 40.0 µs | 1.0 µs | 1, 1 |");
    }

    @Test
    void ratesAreComparedRoundByRound() {
        for (double noise : new double[] {1, 0.1, 0.5}) {
            results.add(Load.REGISTRATIONS, "Lepton", sound(4_000 * noise));
            results.add(Load.REGISTRATIONS, "Eureka", sound(2_000 * noise));
        }

        assertThat(results.ratio(Load.REGISTRATIONS, "Lepton", "Eureka")).isEqualTo(2);
    }

    @Test
    void whatWasNotMeasuredIsNotReached() {
        results.add(Load.BEATS, "Lepton", sound(30_000));
        results.add(Load.BEATS, "Eureka", new Round(5_000, 40, 0, 7));
        results.add(Load.BATCHES, "Lepton", sound(100_000));

        assertThat(results.aims("Lepton", "Eureka"))
                .contains("| single beats at least 3 times Eureka's | NaN times | no |")
                .contains("| at least 100,000 batched beats a second | 100,000 | yes |");
    }
}
