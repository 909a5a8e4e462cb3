package dev.lepton.gateway.budget;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lepton.gateway.settings.GatewaySettings.RetryBudgetSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RetryBudgetTests {

    private static final Duration WINDOW = Duration.ofSeconds(10);

    /** Where the monotonic clock stands at the start is nobody's choice; it may be below zero. */
    private long now = -Duration.ofSeconds(3).toNanos();

    private final RetryBudget budget =
            new RetryBudget(new RetryBudgetSettings(0.2, 10), 0.05, () -> now);

    private void pass(Duration time) {
        now += time.toNanos();
    }

    private void requests(int count) {
        IntStream.range(0, count).forEach(i -> budget.requestCame());
    }

    private int spendAll() {
        int spent = 0;
        while (budget.trySpend()) {
            spent++;
        }
        return spent;
    }

    @Test
    void withoutRequestsThereIsTheReserve() {
        assertThat(spendAll()).isEqualTo(100);
    }

    @Test
    void requestsAddTheirShare() {
        requests(1000);

        assertThat(spendAll()).isEqualTo(300);
        assertThat(budget.offered()).isEqualTo(1000);
        assertThat(budget.spent()).isEqualTo(300);
    }

    @Test
    void leftIsWhatCanStillBeSpent() {
        requests(1000);
        budget.trySpend();

        assertThat(budget.left()).isEqualTo(299);
        assertThat(spendAll()).isEqualTo(299);

        budget.overdraw();
        assertThat(budget.left()).isZero();
    }

    @Test
    void whatWasSpentComesBackWhenItsWindowIsOver() {
        spendAll();

        pass(WINDOW.minusMillis(1));
        assertThat(budget.trySpend()).isFalse();

        // Counted by whole seconds, it may take one more.
        pass(Duration.ofMillis(1001));
        assertThat(spendAll()).isEqualTo(100);
    }

    @Test
    void requestsOfAnEarlierWindowAddNothing() {
        requests(1000);

        pass(WINDOW);

        assertThat(spendAll()).isEqualTo(100);
        assertThat(budget.offered()).isZero();
    }

    @Test
    void attemptThatIsNotMadeCanBeMadeLater() {
        spendAll();

        budget.giveBack();

        assertThat(spendAll()).isEqualTo(1);
    }

    @Test
    void whatIsOverdrawnIsMissingUntilItsWindowIsOver() {
        IntStream.range(0, 300).forEach(i -> budget.overdraw());
        requests(1500);

        assertThat(spendAll()).isEqualTo(100);
        pass(WINDOW.plusSeconds(1));
        assertThat(spendAll()).isEqualTo(100);
    }

    @Test
    void whatIsGivenBackInALaterSecondIsNotLost() {
        spendAll();
        pass(Duration.ofSeconds(1));

        budget.giveBack();

        assertThat(spendAll()).isEqualTo(1);
    }

    @Test
    void withoutShareAndReserveNothingIsSentAgain() {
        RetryBudget none = new RetryBudget(new RetryBudgetSettings(0, 0), 1, () -> now);
        none.requestCame();

        assertThat(none.trySpend()).isFalse();
        assertThat(none.trySpendHedge()).isFalse();
    }

    private int hedgeAll() {
        int hedges = 0;
        while (budget.trySpendHedge()) {
            hedges++;
        }
        return hedges;
    }

    @Test
    void hedgesAreAShareOfTheRequestsAndOutOfTheSameBudget() {
        requests(1000);

        assertThat(hedgeAll()).isEqualTo(50);
        assertThat(budget.hedges()).isEqualTo(50);
        assertThat(spendAll()).isEqualTo(250);
    }

    @Test
    void withoutRequestsNothingIsHedged() {
        assertThat(hedgeAll()).isZero();
        assertThat(spendAll()).isEqualTo(100);
    }

    @Test
    void nothingIsHedgedWhenAllIsSpent() {
        requests(1000);
        spendAll();

        assertThat(hedgeAll()).isZero();
    }

    @Test
    void hedgeThatIsNotMadeCanBeMadeLater() {
        requests(1000);
        hedgeAll();

        budget.giveBackHedge();

        assertThat(hedgeAll()).isEqualTo(1);
        assertThat(budget.spent()).isEqualTo(50);
    }

    @Test
    void hedgesComeBackWhenTheirWindowIsOver() {
        requests(1000);
        hedgeAll();
        pass(WINDOW.plusSeconds(1));
        requests(100);

        assertThat(hedgeAll()).isEqualTo(5);
    }

    /** Whoever asks, whenever: the ten seconds before have no more than is promised. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void noWindowThatEndsWithAnAttemptHasMoreThanIsPromised(long seed) {
        Random random = new Random(seed);
        List<Long> came = new ArrayList<>();
        List<Long> spent = new ArrayList<>();
        for (int i = 0; i < 20_000; i++) {
            // Bursts and gaps, so that windows differ.
            pass(Duration.ofNanos((long) (random.nextDouble() < 0.01 ? 2e9 : 2e6 * i / 20_000)));
            if (random.nextBoolean()) {
                budget.requestCame();
                came.add(now);
            } else if (budget.trySpend()) {
                spent.add(now);
                long from = now - WINDOW.toNanos();
                long windowSpent = spent.stream().filter(t -> t - from >= 0).count();
                long windowCame = came.stream().filter(t -> t - from >= 0).count();
                assertThat((double) windowSpent)
                        .as("attempts beyond the first of %d requests", windowCame)
                        .isLessThanOrEqualTo(0.2 * windowCame + 100);
            }
        }
        assertThat(spent).hasSizeGreaterThan(200);
    }

    @Test
    void threadsThatAskAtOnceGetNoMoreThanOneWouldAlone() throws Exception {
        requests(1000);
        Callable<Integer> all = this::spendAll;

        int together = 0;
        try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
            for (Future<Integer> one :
                    threads.invokeAll(IntStream.range(0, 8).mapToObj(i -> all).toList())) {
                together += one.get();
            }
        }

        assertThat(together).isEqualTo(300);
    }
}
