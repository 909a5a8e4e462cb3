package dev.lepton.starter.membership;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lepton.starter.membership.BeatPlan.Beat;
import dev.lepton.starter.membership.BeatPlan.Over;
import dev.lepton.starter.membership.BeatPlan.Register;
import dev.lepton.starter.membership.BeatPlan.Wait;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BeatPlanTests {

    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final long START = Long.MAX_VALUE - Duration.ofSeconds(3).toNanos();

    private final BeatPlan plan = new BeatPlan(new Random(1), START);

    @Test
    void registersAtOnce() {
        assertThat(plan.next(START)).isEqualTo(new Register());
    }

    @Test
    void beatsAtOnceAfterRegistrationWhenThereIsAVerdict() {
        plan.registered(SECOND, true, START);

        assertThat(plan.next(START)).isEqualTo(new Beat());
    }

    @Test
    void beatsAfterOneIntervalWhenThereIsNoVerdictYet() {
        plan.registered(SECOND, false, START);

        assertThat(plan.next(at(999))).isEqualTo(waiting(1));
        assertThat(plan.next(at(1000))).isEqualTo(new Beat());
    }

    @Test
    void beatsFromStartToStartHoweverLongTheAnswerTakes() {
        plan.registered(SECOND, true, START);
        plan.beatStarts(START);
        plan.beatAccepted(SECOND, at(700));

        assertThat(plan.next(at(700))).isEqualTo(waiting(300));

        plan.beatStarts(at(1040));

        assertThat(plan.next(at(1040))).isEqualTo(waiting(960));
    }

    @Test
    void sendsOneBeatNotManyAfterAPause() {
        plan.registered(SECOND, true, START);
        plan.beatStarts(START);

        assertThat(plan.next(at(20_500))).isEqualTo(new Beat());
        plan.beatStarts(at(20_500));

        assertThat(plan.next(at(20_500))).isEqualTo(waiting(1000));
    }

    @Test
    void takesUpAShorterIntervalAtOnce() {
        plan.registered(Duration.ofSeconds(10), true, START);
        plan.beatStarts(START);
        plan.beatAccepted(SECOND, at(5));

        assertThat(plan.next(at(5))).isEqualTo(waiting(1000));
    }

    @Test
    void newsAreSentBeforeTheNextBeatIsDue() {
        plan.registered(SECOND, true, START);
        plan.beatStarts(START);
        plan.beatNow(at(300));

        assertThat(plan.next(at(300))).isEqualTo(new Beat());
    }

    @Test
    void pausesBetweenFailedRegistrationsGrowWithFullJitterUpToFiveSeconds() {
        long longest = 0;
        for (int failure = 0; failure < 200; failure++) {
            plan.registrationFailed(Duration.ZERO, START);
            long pause = waitAt(START);
            long ceiling = Math.min(5000, 100L << Math.min(failure, 20));
            assertThat(pause)
                    .as("pause after failure %d", failure)
                    .isBetween(
                            Duration.ofMillis(20).toNanos(), Duration.ofMillis(ceiling).toNanos());
            longest = Math.max(longest, pause);
        }
        assertThat(longest).isGreaterThan(Duration.ofSeconds(4).toNanos());
    }

    @Test
    void waitsAtLeastAsLongAsTheRegistryAsked() {
        plan.registrationFailed(Duration.ofSeconds(7), START);

        assertThat(waitAt(START)).isEqualTo(Duration.ofSeconds(7).toNanos());
    }

    @Test
    void registersAtOnceWhenItWasForgotten() {
        plan.registered(SECOND, true, START);
        plan.beatStarts(START);
        plan.notRegistered(at(5));

        assertThat(plan.next(at(5))).isEqualTo(new Register());
    }

    @Test
    void beatsKeepTheirRhythmWhileRegistrationsFail() {
        plan.registered(SECOND, true, START);
        plan.beatStarts(START);
        plan.notRegistered(at(5));
        plan.registrationFailed(Duration.ofSeconds(4), at(10));

        assertThat(plan.next(at(10))).isEqualTo(waiting(990));
        assertThat(plan.next(at(1000))).isEqualTo(new Beat());
    }

    @Test
    void aBeatThatIsRefusedAgainDoesNotShortenThePause() {
        plan.registered(SECOND, true, START);
        plan.beatStarts(START);
        plan.notRegistered(at(5));
        plan.registrationFailed(Duration.ofSeconds(4), at(10));
        plan.beatStarts(at(1000));

        plan.notRegistered(at(1005));

        assertThat(plan.next(at(1005))).isEqualTo(waiting(995));
        plan.beatStarts(at(4000));
        assertThat(plan.next(at(4009))).isEqualTo(waiting(1));
        assertThat(plan.next(at(4010))).isEqualTo(new Register());
    }

    @Test
    void anAcceptedBeatEndsTheNeedToRegister() {
        plan.registered(SECOND, true, START);
        plan.notRegistered(START);
        plan.beatStarts(START);
        plan.beatAccepted(SECOND, START);

        assertThat(plan.next(START)).isEqualTo(waiting(1000));
    }

    @Test
    void neverBeatsWhileAnotherStartHoldsTheUnit() {
        plan.registered(SECOND, true, START);
        plan.notRegistered(START);
        plan.inUse(Duration.ofSeconds(6), START);

        assertThat(waitAt(START))
                .isBetween(Duration.ofSeconds(6).toNanos(), Duration.ofMillis(6100).toNanos());
    }

    @Test
    void doesNothingEverAfterItWasSuperseded() {
        plan.registered(SECOND, true, START);
        plan.superseded();

        assertThat(plan.next(at(1_000_000))).isEqualTo(new Over());
    }

    @Test
    void aLeavingUnitBeatsButRegistersNoMore() {
        plan.registered(SECOND, true, START);
        plan.beatStarts(START);
        plan.leave();
        plan.notRegistered(START);

        assertThat(plan.next(START)).isEqualTo(waiting(1000));
        assertThat(plan.next(at(1000))).isEqualTo(new Beat());
    }

    private long waitAt(long now) {
        return ((Wait) plan.next(now)).nanos();
    }

    private static Wait waiting(long millis) {
        return new Wait(Duration.ofMillis(millis).toNanos());
    }

    private static long at(long millis) {
        return START + Duration.ofMillis(millis).toNanos();
    }
}
