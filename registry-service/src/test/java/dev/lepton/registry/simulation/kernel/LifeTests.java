package dev.lepton.registry.simulation.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LifeTests {

    private final Agenda agenda = new Agenda();
    private final Life life = new Life(agenda);
    private final List<String> done = new ArrayList<>();

    @Test
    void whatComesDuringAPauseIsDoneInItsOrderWhenItEnds() {
        life.in(5, () -> done.add("late at " + agenda.now()));
        life.pause(10);
        life.act(() -> done.add("early at " + agenda.now()));

        agenda.runUntil(10);
        assertThat(done).isEmpty();
        agenda.runUntil(11);
        assertThat(done).containsExactly("early at 10", "late at 10");
    }

    @Test
    void pauseThatBeginsWhileWorkIsCaughtUpHoldsTheRest() {
        life.pause(10);
        life.act(() -> life.pause(10));
        life.act(() -> done.add("after both at " + agenda.now()));

        agenda.runUntil(100);

        assertThat(done).containsExactly("after both at 20");
    }

    @Test
    void whatIsDueAfterTheEndIsNeverDone() {
        life.in(5, () -> done.add("never"));
        life.pause(10);
        life.act(() -> done.add("never"));

        life.end();
        agenda.runUntil(100);

        assertThat(done).isEmpty();
    }
}
