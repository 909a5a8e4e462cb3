package dev.lepton.registry.stretch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StretchPolicyTests {

    private static final Duration SETTLING = Duration.ofSeconds(10);
    private static final Duration LONG = Duration.ofDays(1);
    private static final Duration SHORT = Duration.ZERO;

    private final StretchPolicy policy = new StretchPolicy(Duration.ofSeconds(1), 1000, SETTLING);

    @ParameterizedTest
    @CsvSource({
        "1, 0, 1", "1, 1000, 1", "1, 1001, 2", "1, 2000, 2", "1, 2001, 4", "1, 100000, 32",
        "2, 2000, 2", "2, 801, 2", "2, 800, 1", "8, 3201, 8", "8, 3200, 4", "8, 0, 1"
    })
    void factorIsDoubledAtTheRateAndHalvedAtFourFifthsOfIt(int now, int units, int wanted) {
        assertThat(policy.wanted(now, units)).isEqualTo(wanted);
    }

    @Test
    void intervalsOfHalfASecondAskForTheFactorAtHalfAsManyUnits() {
        StretchPolicy faster = new StretchPolicy(Duration.ofMillis(500), 1000, SETTLING);

        assertThat(faster.wanted(1, 500)).isEqualTo(1);
        assertThat(faster.wanted(1, 501)).isEqualTo(2);
    }

    @Test
    void leasesGrowAtOnceAndIntervalsOnlyWhenThatHasSettled() {
        StretchFactors grown = policy.next(StretchFactors.NONE, 1001, SHORT);
        assertThat(grown).isEqualTo(new StretchFactors(2, 1));

        assertThat(policy.next(grown, 1001, SETTLING.minusNanos(1))).isEqualTo(grown);
        assertThat(policy.next(grown, 1001, SETTLING)).isEqualTo(new StretchFactors(2, 2));
    }

    @Test
    void intervalsShrinkAtOnceAndLeasesOnlyWhenTheLongestLeaseHasPassed() {
        StretchFactors shrunk = policy.next(new StretchFactors(4, 4), 10, SHORT);
        assertThat(shrunk).isEqualTo(new StretchFactors(4, 1));

        assertThat(policy.next(shrunk, 10, SETTLING.multipliedBy(4).minusNanos(1)))
                .isEqualTo(shrunk);
        assertThat(policy.next(shrunk, 10, SETTLING.multipliedBy(4)))
                .isEqualTo(StretchFactors.NONE);
    }

    @Test
    void fleetThatGrowsFurtherBeforeTheIntervalsDidStretchesTheLeasesFurtherFirst() {
        assertThat(policy.next(new StretchFactors(2, 1), 5000, LONG))
                .isEqualTo(new StretchFactors(8, 1));
    }

    @Test
    void whateverTheFleetDoesLeasesAndIntervalsMoveOneAtATimeAndNoUnitIsAskedForLess() {
        long seed = new Random().nextLong();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        StretchFactors now = StretchFactors.NONE;
        for (int step = 0; step < 10_000; step++) {
            Duration stood = Duration.ofSeconds(random.nextInt(400));
            StretchFactors next = policy.next(now, random.nextInt(40_000), stood);
            boolean leases = next.lease() != now.lease();
            boolean intervals = next.interval() != now.interval();
            assertThat(leases && intervals).as("%s after %s", next, now).isFalse();
            if (next.interval() > now.interval() || next.lease() < now.lease()) {
                assertThat(stood).isGreaterThanOrEqualTo(SETTLING);
            }
            now = next;
        }
    }

    @Test
    void intervalsLongerThanLeasesCannotBeSaid() {
        assertThatThrownBy(() -> new StretchFactors(1, 2))
                .hasMessageContaining("leases are stretched 1 times, intervals 2 times");
    }
}
