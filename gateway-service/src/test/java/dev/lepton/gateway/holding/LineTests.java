package dev.lepton.gateway.holding;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LineTests {

    private static final int FIRST = Pace.FIRST_PER_UNIT;

    private final Line line = new Line();

    private Place enter() {
        Place place = new Place("worker", Runnable::run, () -> {});
        line.enter(place);
        return place;
    }

    private List<Place> enter(int count) {
        List<Place> places = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            places.add(enter());
        }
        return places;
    }

    @Test
    void allAreCalledWhenThereIsNoUnit() {
        List<Place> places = enter(3 * FIRST);

        assertThat(line.tableChanged(0)).isEqualTo(places);
    }

    @Test
    void unitThatComesUpGetsTheFirstOnesAndTheOthersAsThoseAreAnswered() {
        List<Place> places = enter(3 * FIRST);
        List<Place> called = line.tableChanged(1);
        assertThat(called).isEqualTo(places.subList(0, FIRST));
        called.forEach(line::underWay);

        assertThat(line.leave(called.getFirst(), true)).isEqualTo(places.subList(FIRST, FIRST + 2));
        assertThat(line.leave(called.getLast(), false))
                .isEqualTo(places.subList(FIRST + 2, FIRST + 3));
    }

    @Test
    void callThatFindsNoUnitIsPassedOnAndNotRepeatedUntilTheTableChanges() {
        List<Place> places = enter(FIRST + 1);
        line.tableChanged(1);

        assertThat(line.looked(places.getFirst())).containsExactly(places.get(FIRST));
        assertThat(line.looked(places.get(1))).isEmpty();

        assertThat(line.tableChanged(1)).containsExactly(places.getFirst());
    }

    @Test
    void nobodyTakesTheTurnOfOneThatNoUnitHasTaken() {
        enter(2 * FIRST);
        List<Place> called = line.tableChanged(1);
        called.forEach(line::underWay);

        line.waitsAgain(called.get(0));

        assertThat(line.leave(called.get(1), true)).hasSize(2);
    }

    /** Else the others would wait for nobody. */
    @Test
    void oneIsCalledWhenAllThatWereCalledHaveLeft() {
        enter(2 * FIRST);
        List<Place> called = line.tableChanged(1);
        called.forEach(line::underWay);
        called.forEach(line::waitsAgain);

        assertThat(line.leave(called.getFirst(), false)).hasSize(1);
    }

    @Test
    void oneThatHasLeftIsNotCalled() {
        List<Place> places = enter(FIRST + 2);
        List<Place> called = line.tableChanged(1);
        line.leave(places.get(FIRST), false);

        assertThat(line.looked(called.getFirst())).containsExactly(places.get(FIRST + 1));
    }

    @Test
    void oneThatAsksForItselfTakesRoomFromThoseThatAreCalled() {
        List<Place> places = enter(2 * FIRST);
        line.underWay(places.getLast());

        assertThat(line.tableChanged(1)).hasSize(FIRST - 1).doesNotContain(places.getLast());
    }
}
