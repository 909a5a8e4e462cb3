package dev.lepton.registry.lease;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lepton.client.unit.UnitId;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SilenceCapTests {

    private static final Duration WINDOW = Duration.ofSeconds(60);
    private static final long END = WINDOW.toNanos();

    private final SilenceCap cap = new SilenceCap(WINDOW);
    private int next;

    @ParameterizedTest
    @CsvSource({"1,0", "2,1", "3,1", "4,2", "5,2", "30,15", "31,15"})
    void atOnceItTakesAtMostHalfRoundedDownAndNeverTheLast(int live, int most) {
        int taken = 0;
        while (taken < live && takes(live, 0)) {
            taken++;
        }

        assertThat(taken).isEqualTo(most);
    }

    @Test
    void withinTheWindowItCountsFromThoseThatWereLiveAtItsStart() {
        takes(4, 0);
        assertThat(takes(3, END / 2)).isTrue();

        assertThat(takes(2, END - 1)).isFalse();
    }

    @Test
    void atTheEndOfTheWindowTheNextBegins() {
        takes(2, 0);

        assertThat(takes(10, END - 1)).isFalse();
        assertThat(takes(10, END)).isTrue();
    }

    @Test
    void everyWindowCountsAndNotOnlyTheFirst() {
        takes(6, 0);
        takes(5, END - 1);

        assertThat(takes(4, END)).isTrue();
        assertThat(takes(3, END + 1)).isFalse();
    }

    @Test
    void unitThatIsTakenTwiceCountsOnce() {
        UnitId flapping = new UnitId("flapping");
        cap.took(flapping, 2, 0);

        assertThat(cap.allows(flapping, 2, 1)).isTrue();
        cap.took(flapping, 2, 1);
        assertThat(cap.allows(new UnitId("other"), 10, END)).isTrue();
    }

    @Test
    void unitThatCameBackIsNotTakenWhenItIsTheLast() {
        UnitId flapping = new UnitId("flapping");
        cap.took(flapping, 2, 0);

        assertThat(cap.allows(flapping, 1, 1)).isFalse();
    }

    @Test
    void whatWasNotStoredDoesNotCount() {
        UnitId unit = new UnitId("unit");
        cap.took(unit, 2, 0);
        cap.released(unit);

        assertThat(cap.allows(new UnitId("other"), 2, 1)).isTrue();
    }

    private boolean takes(int live, long now) {
        UnitId unit = new UnitId("unit-" + ++next);
        boolean allowed = cap.allows(unit, live, now);
        if (allowed) {
            cap.took(unit, live, now);
        }
        return allowed;
    }
}
