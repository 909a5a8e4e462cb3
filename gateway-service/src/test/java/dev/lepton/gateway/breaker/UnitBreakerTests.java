package dev.lepton.gateway.breaker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lepton.gateway.settings.GatewaySettings.BreakerSettings;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class UnitBreakerTests {

    private static final long RTT = 1_000_000;
    private static final Duration SLOW = Duration.ofSeconds(2);

    private long now = Duration.ofHours(1).toNanos();

    /** Which is judged by shares of its window before so many failures in a row. */
    private UnitBreaker breaker = afterFailuresInRow(20);

    private UnitBreaker afterFailuresInRow(int limit) {
        return new Breakers(
                        new BreakerSettings(
                                Duration.ofSeconds(2),
                                Duration.ofSeconds(5),
                                Duration.ofSeconds(1),
                                20,
                                5,
                                0.5,
                                limit,
                                SLOW,
                                0.8,
                                3),
                        () -> now)
                .create("worker-1#1");
    }

    private void pass(Duration duration) {
        now += duration.toNanos();
    }

    private void fail(int times) {
        for (int i = 0; i < times; i++) {
            breaker.failed(RTT);
        }
    }

    private void answer(int times) {
        for (int i = 0; i < times; i++) {
            breaker.answered(RTT);
        }
    }

    @Test
    void fewerFailuresThanTheMinimumKeepItClosed() {
        fail(4);
        assertThat(breaker.closed()).isTrue();

        fail(1);
        assertThat(breaker.state()).isEqualTo(BreakerState.OPEN);
    }

    @Test
    void lessThanHalfOfTheWindowKeepsItClosed() {
        answer(20);
        fail(9);
        assertThat(breaker.closed()).isTrue();

        fail(1);
        assertThat(breaker.closed()).isFalse();
    }

    @Test
    void failuresInARowOpenItWhateverItAnsweredBefore() {
        breaker = afterFailuresInRow(5);
        answer(20);
        fail(4);
        answer(1);
        fail(4);
        assertThat(breaker.closed()).isTrue();

        fail(1);

        assertThat(breaker.state()).isEqualTo(BreakerState.OPEN);
        assertThat(breaker.lastFault()).extracting(Fault::kind).isEqualTo(Fault.Kind.FAILED);
    }

    private void answerSlowly(int times) {
        for (int i = 0; i < times; i++) {
            breaker.answered(SLOW.plusMillis(1).toNanos());
        }
    }

    @Test
    void slowAnswersThatAreMostOfTheWindowOpenIt() {
        answer(4);
        answerSlowly(15);
        assertThat(breaker.closed()).isTrue();

        answerSlowly(1);

        assertThat(breaker.state()).isEqualTo(BreakerState.OPEN);
        assertThat(breaker.lastFault()).isEqualTo(new Fault(Fault.Kind.SLOW, now));
    }

    @Test
    void quickProbeClosesWhatWasSlowAndSlowOneDoesNot() {
        answerSlowly(5);
        pass(Duration.ofMillis(2001));
        assertThat(breaker.tryProbe(true)).isTrue();

        answerSlowly(1);

        assertThat(breaker.state()).isEqualTo(BreakerState.OPEN);
        pass(Duration.ofMillis(4001));
        assertThat(breaker.tryProbe(true)).isTrue();
        answer(1);
        assertThat(breaker.closed()).isTrue();
    }

    @Test
    void openUnitIsTriedByOneRequestAfterTheWait() {
        fail(5);
        pass(Duration.ofSeconds(2));
        assertThat(breaker.tryProbe(true)).isFalse();

        pass(Duration.ofMillis(1));

        assertThat(breaker.tryProbe(true)).isTrue();
        assertThat(breaker.tryProbe(true)).isFalse();
        assertThat(breaker.state()).isEqualTo(BreakerState.PROBING);
    }

    @Test
    void answeredProbeClosesItAndFailedOneOpensItForTwiceAsLongUpToTheLongest() {
        fail(5);
        for (Duration wait :
                new Duration[] {
                    Duration.ofSeconds(2), Duration.ofSeconds(4), Duration.ofSeconds(5)
                }) {
            pass(wait.minusMillis(1));
            assertThat(breaker.tryProbe(true)).isFalse();
            pass(Duration.ofMillis(2));
            assertThat(breaker.tryProbe(true)).isTrue();
            breaker.failed(RTT);
            assertThat(breaker.state()).isEqualTo(BreakerState.OPEN);
        }
        pass(Duration.ofSeconds(6));
        assertThat(breaker.tryProbe(true)).isTrue();

        answer(1);

        assertThat(breaker.closed()).isTrue();
    }

    @Test
    void abandonedProbeLeavesTheNextRequestToTry() {
        fail(5);
        pass(Duration.ofSeconds(3));
        assertThat(breaker.tryProbe(true)).isTrue();

        breaker.abandonProbe();

        assertThat(breaker.tryProbe(true)).isTrue();
    }

    @Test
    void requestThatCannotGoElsewhereTriesAUnitOnlyWhenNoOtherDidForAWhile() {
        fail(5);
        pass(Duration.ofSeconds(3));
        assertThat(breaker.tryProbe(false)).isFalse();

        pass(Duration.ofSeconds(2));

        assertThat(breaker.tryProbe(false)).isTrue();
    }

    @Test
    void requestThatCannotGoElsewhereWaitsAsLongAfterAProbeThatFailed() {
        fail(5);
        pass(Duration.ofSeconds(6));
        assertThat(breaker.tryProbe(true)).isTrue();
        breaker.failed(RTT);

        pass(Duration.ofMillis(4500));
        assertThat(breaker.tryProbe(false)).isFalse();
        pass(Duration.ofMillis(500));
        assertThat(breaker.tryProbe(false)).isTrue();
    }

    @Test
    void answerAfterASilentProbeOfAUnitThatHadFailedDoesNotCloseIt() {
        fail(5);
        pass(Duration.ofSeconds(3));
        assertThat(breaker.tryProbe(true)).isTrue();
        breaker.silent(RTT, true);

        answer(1);

        assertThat(breaker.closed()).isFalse();
    }

    @Test
    void refusalOpensItAtOnceForAShortTimeHoweverOften() {
        for (int i = 0; i < 5; i++) {
            breaker.refused();
            assertThat(breaker.tryProbe(true)).isFalse();
            pass(Duration.ofMillis(1001));
            assertThat(breaker.tryProbe(true)).isTrue();
        }
    }

    @Test
    void whatWasHeldAgainstItLastIsKeptAndAWishToBeLeftAloneIsNot() {
        breaker.declined();
        assertThat(breaker.closed()).isFalse();
        assertThat(breaker.lastFault()).isNull();

        breaker.refused();
        assertThat(breaker.lastFault()).isEqualTo(new Fault(Fault.Kind.REFUSED, now));
        pass(Duration.ofSeconds(1));
        breaker.failed(RTT);
        assertThat(breaker.lastFault()).isEqualTo(new Fault(Fault.Kind.FAILED, now));
        breaker.silent(RTT, false);
        assertThat(breaker.lastFault()).isEqualTo(new Fault(Fault.Kind.SILENT, now));
    }

    @Test
    void silentAttemptsInARowOpenItAndAnAnswerInBetweenDoesNot() {
        answer(20);
        breaker.silent(RTT, false);
        breaker.silent(RTT, false);
        answer(1);
        breaker.silent(RTT, false);
        breaker.silent(RTT, false);
        assertThat(breaker.closed()).isTrue();

        breaker.silent(RTT, false);

        assertThat(breaker.closed()).isFalse();
    }

    @Test
    void oneSilentAttemptThatAnotherUnitAnsweredQuicklyOpensIt() {
        answer(20);

        breaker.silent(RTT, true);

        assertThat(breaker.closed()).isFalse();
    }

    @Test
    void answerOfAUnitThatOnlyWasSilentClosesItAtOnce() {
        breaker.silent(RTT, true);

        answer(1);

        assertThat(breaker.closed()).isTrue();
    }

    @Test
    void lateAnswerOfAUnitThatFailedDoesNotCloseIt() {
        fail(5);

        answer(1);

        assertThat(breaker.closed()).isFalse();
    }

    @Test
    void silenceThatAnotherUnitProvesLaterOpensItAndIsCountedOnce() {
        breaker.silent(RTT, false);
        breaker.silenceProven();
        assertThat(breaker.state()).isEqualTo(BreakerState.OPEN);

        breaker.answered(RTT);
        assertThat(breaker.closed()).isTrue();
        fail(3);
        assertThat(breaker.closed()).isTrue();
    }
}
