package dev.lepton.registry.registration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class AppointmentsTests {

    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    private long now = Long.MAX_VALUE - SECOND;
    private final Appointments appointments = new Appointments(100, () -> now, new Random(7));

    @Test
    void placesFollowEachOtherAtTheRateAndEachHasASecondOfJitter() {
        for (int i = 0; i < 500; i++) {
            assertThat(appointments.next())
                    .isBetween(
                            Duration.ofMillis(10L * i), Duration.ofMillis(10L * i).plusSeconds(1));
        }
    }

    @Test
    void placesThatHavePassedAreNotMadeUpFor() {
        for (int i = 0; i < 100; i++) {
            appointments.next();
        }

        now += 5 * SECOND;

        assertThat(appointments.next()).isBetween(Duration.ZERO, Duration.ofSeconds(1));
    }

    @Test
    void nobodyIsSentAwayForMuchLongerThanAMinute() {
        Duration longest = Duration.ZERO;
        for (int i = 0; i < 20_000; i++) {
            Duration next = appointments.next();
            longest = next.compareTo(longest) > 0 ? next : longest;
        }

        assertThat(longest).isBetween(Duration.ofSeconds(60), Duration.ofSeconds(62));
    }

    @Test
    void thoseForWhomNoPlaceIsLeftAreSpreadToo() {
        for (int i = 0; i < 6_000; i++) {
            appointments.next();
        }

        Map<Long, Long> bySecond =
                IntStream.range(0, 30_000)
                        .mapToObj(_ -> appointments.next().toSeconds())
                        .collect(Collectors.groupingBy(second -> second, Collectors.counting()));

        assertThat(bySecond.keySet()).allMatch(second -> second >= 30 && second <= 60);
        assertThat(bySecond.values()).allMatch(count -> count < 2_000);
    }

    @Test
    void rateIsLearntWhileThereIsMoreToDoThanIsDone() {
        for (int second = 0; second < 10; second++) {
            appointments.next();
            doneInASecond(500);
        }

        assertThat(appointments.perSecond()).isCloseTo(500, within(5.0));
    }

    @Test
    void slowBeginningIsBelievedDownToHalfOfTheRateThatWasAssumed() {
        for (int second = 0; second < 20; second++) {
            appointments.next();
            doneInASecond(1);
        }

        assertThat(appointments.perSecond()).isCloseTo(50, within(1.0));
    }

    @Test
    void quietTimesSayNothingOfTheRate() {
        for (int second = 0; second < 10; second++) {
            doneInASecond(3);
        }

        assertThat(appointments.perSecond()).isEqualTo(100);
    }

    private void doneInASecond(int count) {
        for (int i = 0; i < count; i++) {
            now += SECOND / count;
            appointments.done();
        }
    }
}
