package dev.lepton.registry.heartbeat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lepton.client.unit.StartId;
import dev.lepton.client.unit.UnitId;
import java.time.Duration;
import java.util.SortedMap;
import org.junit.jupiter.api.Test;

class MarkTableTests {

    private static final UnitId UNIT = new UnitId("worker-1");

    private final StartId start = StartId.random();
    private final MarkTable marks = new MarkTable();

    @Test
    void marksOnlyGrowWithinAStart() {
        assertThat(marks.take(UNIT, start, 5, 0)).isTrue();
        assertThat(marks.take(UNIT, start, 5, 1)).isFalse();
        assertThat(marks.take(UNIT, start, 4, 2)).isFalse();
        assertThat(marks.take(UNIT, start, 6, 3)).isTrue();

        assertThat(marks.unstored().get(UNIT)).isEqualTo(new Mark(start, 6, 3, false));
    }

    @Test
    void anotherStartBeginsAnew() {
        marks.take(UNIT, start, 5, 0);
        StartId next = StartId.random();

        assertThat(marks.take(UNIT, next, 1, 1)).isTrue();
    }

    @Test
    void marksAreToBeWrittenOnceAndInOrder() {
        marks.take(new UnitId("b"), start, 1, 0);
        marks.take(new UnitId("a"), start, 1, 0);
        marks.take(new UnitId("c"), start, 1, 0);

        SortedMap<UnitId, Mark> written = marks.unstored();
        marks.stored(written);

        assertThat(written.keySet())
                .containsExactly(new UnitId("a"), new UnitId("b"), new UnitId("c"));
        assertThat(marks.unstored()).isEmpty();
    }

    @Test
    void beatThatComesDuringTheFlushIsWrittenByTheNext() {
        marks.take(UNIT, start, 1, 0);
        SortedMap<UnitId, Mark> written = marks.unstored();
        marks.take(UNIT, start, 2, 1);

        marks.stored(written);

        assertThat(marks.unstored().get(UNIT)).extracting(Mark::seq).isEqualTo(2L);
    }

    @Test
    void marksOfUnitsThatAreLongSilentAreDroppedOnceStored() {
        long tenMinutes = Duration.ofMinutes(10).toNanos();
        marks.take(UNIT, start, 1, 0);
        marks.take(new UnitId("unstored"), start, 1, 0);
        SortedMap<UnitId, Mark> written = marks.unstored();
        written.remove(new UnitId("unstored"));
        marks.stored(written);

        marks.prune(tenMinutes);
        assertThat(marks.size()).isEqualTo(2);
        marks.prune(tenMinutes + 1);
        assertThat(marks.size()).isEqualTo(1);
    }
}
