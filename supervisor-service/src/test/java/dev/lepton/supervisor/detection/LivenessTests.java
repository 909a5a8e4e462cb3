package dev.lepton.supervisor.detection;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class LivenessTests {

    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    private final Liveness liveness = new Liveness(3);
    private long now;

    @Test
    void threeUnansweredProbesWithoutACompletedRequestProveAHang() {
        assertThat(unanswered(completed(7))).isEqualTo(new Verdict.Unanswered(1));
        assertThat(unanswered(completed(7))).isEqualTo(new Verdict.Unanswered(2));
        assertThat(unanswered(completed(7)))
                .isEqualTo(
                        new Verdict.Hung(
                                "hung: 3 probes in a row were not answered (no answer in time), and no request was completed meanwhile"));
    }

    @Test
    void whoeverCompletesRequestsIsSlowAndNeverHung() {
        for (int completed = 1; completed <= 100; completed++) {
            assertThat(unanswered(completed(completed))).isNotInstanceOf(Verdict.Hung.class);
        }
    }

    @Test
    void aCounterThatWasSeenOnceProvesNothing() {
        Look nothing = new Look("no answer in time", null, false, null);

        assertThat(unanswered(nothing)).isEqualTo(new Verdict.Unanswered(1));
        assertThat(unanswered(nothing)).isEqualTo(new Verdict.Unanswered(2));
        assertThat(unanswered(completed(5000))).isEqualTo(new Verdict.Unanswered(3));
        assertThat(unanswered(completed(5100))).isInstanceOf(Verdict.Slow.class);
    }

    @Test
    void anAnswerBetweenBeginsTheCountAnew() {
        unanswered(completed(7));
        unanswered(completed(7));
        liveness.reset();

        assertThat(unanswered(completed(7))).isEqualTo(new Verdict.Unanswered(1));
    }

    @Test
    void twoProbesAreEnoughWhenTheUnitSaysItselfThatItHangs() {
        Look hangs = new Look("no answer in time", 7L, true, null);

        assertThat(unanswered(hangs)).isEqualTo(new Verdict.Unanswered(1));
        assertThat(unanswered(hangs)).isInstanceOf(Verdict.Hung.class);
    }

    @Test
    void aProcessThatUsesNextToNoProcessorTimeHangs() {
        unanswered(cpu(Duration.ofSeconds(10)));
        unanswered(cpu(Duration.ofSeconds(10)));

        assertThat(unanswered(cpu(Duration.ofSeconds(10).plusMillis(100))))
                .isInstanceOf(Verdict.Hung.class);
    }

    @Test
    void aProcessThatWorksGetsFourTimesAsManyProbes() {
        for (int i = 1; i < 12; i++) {
            assertThat(unanswered(cpu(Duration.ofMillis(i * 500L))))
                    .isEqualTo(new Verdict.Unanswered(i));
        }
        assertThat(unanswered(cpu(Duration.ofSeconds(6)))).isInstanceOf(Verdict.Hung.class);
    }

    @Test
    void aUnitOfWhichNothingIsKnownGetsFourTimesAsManyProbes() {
        Look nothing = new Look("connection refused", null, false, null);
        for (int i = 1; i < 12; i++) {
            assertThat(unanswered(nothing)).isEqualTo(new Verdict.Unanswered(i));
        }
        assertThat(unanswered(nothing)).isInstanceOf(Verdict.Hung.class);
    }

    private Verdict unanswered(Look look) {
        now += SECOND;
        return liveness.unanswered(look, now);
    }

    private static Look completed(long requests) {
        return new Look("no answer in time", requests, false, null);
    }

    private static Look cpu(Duration used) {
        return new Look("no answer in time", null, false, used);
    }
}
