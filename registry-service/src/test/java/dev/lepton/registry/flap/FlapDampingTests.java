package dev.lepton.registry.flap;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lepton.registry.flap.FlapDamping.Hold;
import dev.lepton.registry.settings.FlapSettings;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class FlapDampingTests {

    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
    private static final Duration WINDOW = Duration.ofMinutes(10);
    private static final Duration CALM = Duration.ofMinutes(10);
    private static final Duration FIRST = Duration.ofSeconds(10);

    private final FlapDamping damping =
            new FlapDamping(new FlapSettings(3, WINDOW, FIRST, Duration.ofMinutes(5), CALM));

    @Test
    void whoeverWasDownOnceOrTwiceComesBackAtOnce() {
        assertThat(damping.decide(List.of())).isNull();
        assertThat(damping.decide(List.of(NOON))).isNull();
        assertThat(damping.decide(List.of(NOON, NOON.plusSeconds(1)))).isNull();
    }

    @Test
    void thirdTimeDownWithinExactlyTheWindowIsFlapping() {
        Instant third = NOON.plus(WINDOW);

        assertThat(damping.decide(List.of(NOON, NOON.plusSeconds(1), third)))
                .isEqualTo(new Hold(3, third.plus(FIRST)));
    }

    @Test
    void thirdTimeDownOneNanosecondLaterIsNot() {
        Instant third = NOON.plus(WINDOW).plusNanos(1);

        assertThat(damping.decide(List.of(NOON, NOON.plusSeconds(1), third))).isNull();
    }

    @Test
    void holdDoublesWithEachTimeDownUpToItsLongest() {
        List<Duration> holds =
                Stream.of(3, 4, 5, 6, 7, 8, 9, 100).map(this::holdAfterDownsInARow).toList();

        assertThat(holds)
                .extracting(Duration::toSeconds)
                .containsExactly(10L, 20L, 40L, 80L, 160L, 300L, 300L, 300L);
    }

    @Test
    void calmThatEndsOneNanosecondTooEarlyGoesOnWithTheSeries() {
        Instant third = NOON.plusSeconds(2);
        Instant fourth = third.plus(FIRST).plus(CALM);

        assertThat(damping.decide(List.of(NOON, NOON.plusSeconds(1), third, fourth)))
                .isEqualTo(new Hold(4, fourth.plus(FIRST.multipliedBy(2))));
    }

    @Test
    void whoeverWasCalmForLongerIsAnOrdinaryUnit() {
        Instant third = NOON.plusSeconds(2);
        Instant later = third.plus(FIRST).plus(CALM).plusNanos(1);

        assertThat(damping.decide(List.of(NOON, NOON.plusSeconds(1), third, later))).isNull();
        assertThat(
                        damping.decide(
                                List.of(
                                        NOON,
                                        NOON.plusSeconds(1),
                                        third,
                                        later,
                                        later.plusSeconds(1))))
                .isNull();
    }

    private Duration holdAfterDownsInARow(int count) {
        List<Instant> downs = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            downs.add(NOON.plusSeconds(i));
        }
        Hold hold = damping.decide(downs);
        assertThat(hold).isNotNull();
        return Duration.between(downs.getLast(), hold.until());
    }
}
