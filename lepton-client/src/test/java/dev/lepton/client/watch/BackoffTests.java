package dev.lepton.client.watch;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class BackoffTests {

    private static final RandomGenerator ALMOST_ONE =
            new RandomGenerator() {
                @Override
                public long nextLong() {
                    return -1;
                }
            };

    private final Backoff backoff =
            new Backoff(Duration.ofMillis(50), Duration.ofSeconds(2), ALMOST_ONE);

    @Test
    void theFirstAttemptIsAtOnceAndTheBoundDoublesUpToTheLongest() {
        assertThat(backoff.nextNanos()).isZero();
        assertThat(millis()).isEqualTo(50);
        assertThat(millis()).isEqualTo(100);
        for (int i = 0; i < 100; i++) {
            backoff.nextNanos();
        }
        assertThat(millis()).isEqualTo(2000);
    }

    @Test
    void afterAResetTheNextAttemptIsAtOnce() {
        backoff.nextNanos();
        backoff.nextNanos();

        backoff.reset();

        assertThat(backoff.nextNanos()).isZero();
    }

    @Test
    void theJitterIsFull() {
        Backoff zero = new Backoff(Duration.ofMillis(50), Duration.ofSeconds(2), () -> 0L);
        zero.nextNanos();

        assertThat(zero.nextNanos()).isZero();
    }

    private long millis() {
        return Math.round(backoff.nextNanos() / 1e6);
    }
}
