package dev.lepton.starter.fence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lepton.client.heartbeat.FenceTerms;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class FenceTests {

    private static final FenceTerms TERMS =
            new FenceTerms(Duration.ofSeconds(4), Duration.ofSeconds(6));
    private static final long STOP = TERMS.stopAfter().toNanos();
    private static final long GONE = TERMS.goneAfter().toNanos();

    /** Near the end of the range: a monotonic clock may run over. */
    private static final long SENT = Long.MAX_VALUE - STOP / 2;

    private final Fence fence = new Fence(false);

    @Test
    void unitThatWasNeverToldOfAFenceHasNone() {
        fence.confirmed(null, SENT);

        assertThat(fence.closed(SENT + 1000 * GONE)).isFalse();
    }

    @Test
    void oneNanosecondBeforeTheTimeItIsOpen() {
        fence.confirmed(TERMS, SENT);

        assertThat(fence.closed(SENT + STOP - 1)).isFalse();
    }

    @Test
    void exactlyAtTheTimeItIsClosed() {
        fence.confirmed(TERMS, SENT);

        assertThat(fence.closed(SENT + STOP)).isTrue();
    }

    @Test
    void confirmationCountsFromWhenItWasSent() {
        fence.confirmed(TERMS, SENT);
        fence.confirmed(TERMS, SENT + 1);

        assertThat(fence.closed(SENT + STOP)).isFalse();
        assertThat(fence.closed(SENT + STOP + 1)).isTrue();
    }

    @Test
    void answerThatConfirmsNothingMovesNothing() {
        fence.confirmed(TERMS, SENT);
        fence.told(TERMS, SENT + STOP - 1);

        assertThat(fence.closed(SENT + STOP)).isTrue();
    }

    @Test
    void answerThatConfirmsNothingMakesNoTimeLonger() {
        fence.confirmed(TERMS, SENT);
        fence.told(new FenceTerms(Duration.ofSeconds(8), Duration.ofSeconds(12)), SENT + 1);

        assertThat(fence.closed(SENT + STOP)).isTrue();
    }

    @Test
    void answerThatConfirmsNothingMayMakeTheTimeShorter() {
        fence.confirmed(TERMS, SENT);
        fence.told(new FenceTerms(Duration.ofSeconds(2), Duration.ofSeconds(3)), SENT + 1);

        assertThat(fence.closed(SENT + STOP / 2)).isTrue();
    }

    @Test
    void unitThatBecomesExclusiveCountsFromTheAnswerThatSaysSo() {
        fence.confirmed(null, SENT);
        fence.told(TERMS, SENT + GONE);

        assertThat(fence.closed(SENT + GONE + STOP - 1)).isFalse();
        assertThat(fence.closed(SENT + GONE + STOP)).isTrue();
    }

    @Test
    void unitThatIsNoLongerExclusiveHasNoFence() {
        fence.confirmed(TERMS, SENT);
        fence.told(null, SENT + 1);

        assertThat(fence.closed(SENT + GONE)).isFalse();
    }

    @Test
    void whatWasSentAfterItsTimeConfirmsNothing() {
        fence.confirmed(TERMS, SENT);
        fence.confirmed(TERMS, SENT + STOP);

        assertThat(fence.closed(SENT + STOP)).isTrue();
    }

    @Test
    void onceFoundClosedItStaysSoWhateverIsConfirmedLater() {
        fence.confirmed(TERMS, SENT);
        assertThat(fence.closed(SENT + STOP)).isTrue();

        fence.confirmed(TERMS, SENT + STOP);
        fence.confirmed(null, SENT + STOP);

        assertThat(fence.closed(SENT + STOP)).isTrue();
    }

    @Test
    void unitThatIsDeclaredExclusiveRefusesUntilItIsRegisteredAndDoesNotEndForThat() {
        Fence declared = new Fence(true);
        assertThat(declared.refuses(SENT)).isTrue();
        assertThat(declared.closed(SENT + GONE)).isFalse();

        declared.told(TERMS, SENT + GONE);

        assertThat(declared.refuses(SENT + GONE)).isFalse();
        assertThat(declared.refuses(SENT + GONE + STOP)).isTrue();
    }

    @Test
    void theTimeToEndInRunsFromTheSameMoment() {
        fence.confirmed(TERMS, SENT);

        assertThat(fence.leftToEnd(SENT + GONE - 1)).isEqualTo(1);
        assertThat(fence.leftToEnd(SENT + GONE)).isZero();
    }
}
