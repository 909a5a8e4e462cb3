package dev.lepton.gateway.overload;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GradientLimitTests {

    private static final double MILLI = 1e6;

    private static GradientLimit after(GradientLimit limit, int windows, double millis) {
        GradientLimit next = limit;
        for (int i = 0; i < windows; i++) {
            next = next.next(millis * MILLI, next.perUnit(), 2, 10, 1000);
        }
        return next;
    }

    @Test
    void limitGrowsWhileAnswersTakeAsLongAsUsual() {
        GradientLimit limit = after(new GradientLimit(100, 0), 30, 10);

        assertThat(limit.perUnit()).isBetween(160.0, 200.0);
        assertThat(after(limit, 1000, 10).perUnit()).isEqualTo(1000);
    }

    @Test
    void limitFallsWhenAnswersTakeMuchLongerThanUsual() {
        GradientLimit usual = after(new GradientLimit(500, 0), 1, 10);

        GradientLimit limit = after(usual, 20, 100);

        assertThat(limit.perUnit()).isBetween(50.0, 150.0);
        assertThat(after(limit, 40, 100).perUnit()).isLessThan(50);
    }

    @Test
    void limitDoesNotFallForWhatIsWithinTheTolerance() {
        GradientLimit usual = after(new GradientLimit(500, 0), 1, 10);

        assertThat(after(usual, 20, 19.9).perUnit()).isGreaterThan(500);
    }

    @Test
    void limitThatIsNotReachedStaysAsItIs() {
        GradientLimit usual = new GradientLimit(500, 10 * MILLI);

        GradientLimit limit = usual.next(1000 * MILLI, 249, 2, 10, 1000);

        assertThat(limit.perUnit()).isEqualTo(500);
        assertThat(limit.usualNanos()).isGreaterThan(10 * MILLI);
    }

    @Test
    void limitStaysWithinItsBounds() {
        assertThat(after(new GradientLimit(10, 1), 50, 1000).perUnit()).isGreaterThanOrEqualTo(10);
        assertThat(after(new GradientLimit(1000, 0), 50, 1).perUnit()).isEqualTo(1000);
    }

    @Test
    void oneSlowTimeIsForgottenSoonAfterIt() {
        GradientLimit limit = after(new GradientLimit(100, 10 * MILLI), 600, 100);

        assertThat(after(limit, 40, 10).usualNanos()).isLessThan(21 * MILLI);
    }

    /**
     * A unit that serves a number of requests at a time and lets the others wait, asked for three
     * times what it can do: the limit settles at a queue that is short, not at what is asked.
     */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void overloadedUnitKeepsAShortQueue(long seed) {
        Random random = new Random(seed);
        int threads = 50;
        double serviceSeconds = 0.02;
        GradientLimit limit = after(new GradientLimit(500, 0), 1, serviceSeconds * 1000);
        Deque<Double> queued = new ArrayDeque<>();

        for (int second = 0; second < 120; second++) {
            double total = 0;
            int answers = 0;
            int most = 0;
            // In steps of one service time, in which as many are served as there are threads.
            for (double now = second; now < second + 1; now += serviceSeconds) {
                double offered = 3 * threads * (0.8 + 0.4 * random.nextDouble());
                for (int i = 0; i < offered && queued.size() < limit.perUnit(); i++) {
                    queued.add(now);
                }
                most = Math.max(most, queued.size());
                for (int i = 0; i < threads && !queued.isEmpty(); i++) {
                    total += now + serviceSeconds - queued.remove();
                    answers++;
                }
            }
            limit = limit.next(total / answers * 1e9, most, 2, 10, 1000);
        }

        // It is never left idle, and whoever is let in waits for two rounds at most.
        assertThat(limit.perUnit()).isBetween(threads * 1.0, threads * 3.0);
    }
}
