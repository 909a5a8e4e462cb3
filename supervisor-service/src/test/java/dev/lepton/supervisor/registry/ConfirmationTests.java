package dev.lepton.supervisor.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lepton.client.heartbeat.FenceTerms;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ConfirmationTests {

    private static final FenceTerms TERMS =
            new FenceTerms(Duration.ofSeconds(4), Duration.ofSeconds(6));
    private static final long SENT = 1_000;
    private static final long STOP = SENT + TERMS.stopAfter().toNanos();
    private static final long GONE = SENT + TERMS.goneAfter().toNanos();

    @Test
    void itIsOverFromTheTimeToStopOnAndNoSooner() {
        Confirmation confirmation = Confirmation.NONE.confirmed(TERMS, SENT);

        assertThat(confirmation.over(STOP - 1)).isFalse();
        assertThat(confirmation.over(STOP)).isTrue();
        assertThat(confirmation.left(STOP)).isEqualTo(Duration.ofSeconds(2));
        assertThat(confirmation.left(GONE - 1)).isEqualTo(Duration.ofNanos(1));
        assertThat(confirmation.left(GONE + 1)).isZero();
    }

    @Test
    void onlyAStoredBeatMovesTheCount() {
        Confirmation told = Confirmation.NONE.told(TERMS, SENT).told(TERMS, SENT + 5);

        assertThat(told.over(STOP)).isTrue();
        assertThat(told.confirmed(TERMS, SENT + 5).over(STOP + 4)).isFalse();
        assertThat(told.confirmed(TERMS, SENT + 5).over(STOP + 5)).isTrue();
    }

    @Test
    void onlyAStoredBeatMakesTheTimeLonger() {
        FenceTerms longer = new FenceTerms(Duration.ofSeconds(8), Duration.ofSeconds(12));
        Confirmation confirmation = Confirmation.NONE.confirmed(TERMS, SENT);

        assertThat(confirmation.told(longer, SENT + 5).over(STOP)).isTrue();
        assertThat(confirmation.confirmed(longer, SENT).over(STOP)).isFalse();
    }

    @Test
    void aUnitThatIsNotExclusiveIsNeverOver() {
        assertThat(Confirmation.NONE.over(Long.MAX_VALUE)).isFalse();
        assertThat(Confirmation.NONE.confirmed(TERMS, SENT).told(null, SENT).over(STOP)).isFalse();
    }
}
