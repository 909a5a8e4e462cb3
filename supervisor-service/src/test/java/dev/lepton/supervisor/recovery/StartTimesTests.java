package dev.lepton.supervisor.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class StartTimesTests {

    @Test
    void aUnitThatHasStartedTwiceOrLessGetsAMinute() {
        assertThat(StartTimes.NONE.deadline()).isEqualTo(Duration.ofMinutes(1));
        assertThat(taken(40, 40).deadline()).isEqualTo(Duration.ofMinutes(1));
    }

    @Test
    void theDeadlineIsThreeTimesTheNinetyFifthPercentile() {
        StartTimes times = StartTimes.NONE;
        for (int seconds = 1; seconds <= 20; seconds++) {
            times = times.with(Duration.ofSeconds(seconds));
        }

        assertThat(times.deadline()).isEqualTo(Duration.ofSeconds(57));
    }

    @Test
    void itIsAtLeastHalfAMinuteAndAtMostAnHour() {
        assertThat(taken(2, 3, 2).deadline()).isEqualTo(Duration.ofSeconds(30));
        assertThat(taken(10, 10, 11).deadline()).isEqualTo(Duration.ofSeconds(33));
        assertThat(taken(3000, 10, 11).deadline()).isEqualTo(Duration.ofHours(1));
    }

    @Test
    void onlyTheLastTwentyStartsCount() {
        StartTimes times = taken(600);
        for (int i = 0; i < 20; i++) {
            times = times.with(Duration.ofSeconds(12));
        }

        assertThat(times.taken()).hasSize(20);
        assertThat(times.deadline()).isEqualTo(Duration.ofSeconds(36));
    }

    private static StartTimes taken(long... seconds) {
        StartTimes times = StartTimes.NONE;
        for (long each : seconds) {
            times = times.with(Duration.ofSeconds(each));
        }
        return times;
    }
}
