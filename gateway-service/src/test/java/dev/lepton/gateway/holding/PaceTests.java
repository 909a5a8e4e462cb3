package dev.lepton.gateway.holding;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PaceTests {

    private static final int FIRST = Pace.FIRST_PER_UNIT;

    private final Pace pace = new Pace();

    /** Lets go whatever may go. */
    private int wave() {
        int gone = 0;
        while (pace.hasRoom()) {
            pace.began();
            gone++;
        }
        return gone;
    }

    private static void times(int count, Runnable what) {
        for (int i = 0; i < count; i++) {
            what.run();
        }
    }

    @Test
    void nobodyGoesWhileNoUnitIsUp() {
        assertThat(wave()).isZero();
        pace.units(1);
        pace.units(0);

        assertThat(wave()).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 20})
    void firstWaveIsAFewForEachUnit(int units) {
        pace.units(units);

        assertThat(wave()).isEqualTo(FIRST * units);
        assertThat(wave()).isZero();
    }

    @Test
    void wavesDoubleWhileAllIsAnswered() {
        pace.units(2);
        List<Integer> waves = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            int gone = wave();
            waves.add(gone);
            times(gone, pace::served);
        }

        assertThat(waves).containsExactly(2 * FIRST, 4 * FIRST, 8 * FIRST, 16 * FIRST);
    }

    @Test
    void eachAnswerMakesRoomForTwo() {
        pace.units(1);
        wave();

        pace.served();

        assertThat(wave()).isEqualTo(2);
    }

    @Test
    void whatEndsWithoutAnAnswerMakesRoomForOne() {
        pace.units(1);
        wave();

        pace.ended();

        assertThat(wave()).isEqualTo(1);
    }

    @Test
    void failureMakesRoomForNobody() {
        pace.units(1);
        wave();
        times(3, pace::failed);

        assertThat(wave()).isZero();
        pace.served();
        assertThat(wave()).isEqualTo(2);
    }

    @Test
    void oneFindsOutWhenAllHaveFailed() {
        pace.units(1);
        int gone = wave();
        times(gone, pace::failed);

        assertThat(wave()).isEqualTo(1);
    }

    @Test
    void unitsThatComeUpLaterGetTheirShareOfTheSameWave() {
        pace.units(1);
        wave();

        pace.units(3);

        assertThat(wave()).isEqualTo(2 * FIRST);
    }

    @Test
    void unitThatGoesTakesItsShareOfTheWaveAlong() {
        pace.units(2);
        times(wave(), pace::served);

        pace.units(1);

        assertThat(wave()).isEqualTo(2 * FIRST);
    }
}
