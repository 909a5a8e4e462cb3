package dev.lepton.supervisor.supervision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lepton.client.unit.ServiceName;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class StartGateTests {

    private final List<String> granted = new ArrayList<>();
    private static final ServiceName FREE = new ServiceName("free");
    private static final ServiceName LIMITED = new ServiceName("limited");

    private final StartGate gate = new StartGate(2);

    @Test
    void onlySoManyAreInsideAtOnceAndTheOthersFollowInTheirOrder() {
        StartGate.Ticket a = enter("a");
        StartGate.Ticket b = enter("b");
        enter("c");
        enter("d");
        assertThat(granted).containsExactly("a", "b");

        b.leave();
        assertThat(granted).containsExactly("a", "b", "c");
        a.leave();
        assertThat(granted).containsExactly("a", "b", "c", "d");
    }

    @Test
    void leavingTwiceFreesOnePlaceOnly() {
        StartGate.Ticket a = enter("a");
        enter("b");
        enter("c");
        enter("d");

        a.leave();
        a.leave();

        assertThat(granted).containsExactly("a", "b", "c");
    }

    @Test
    void oneThatGivesUpWaitingIsPassedOver() {
        StartGate.Ticket a = enter("a");
        enter("b");
        StartGate.Ticket c = enter("c");
        enter("d");

        c.leave();
        a.leave();

        assertThat(granted).containsExactly("a", "b", "d");
    }

    @Test
    void aGateWithoutAPlaceIsRefused() {
        assertThatThrownBy(() -> new StartGate(0))
                .hasMessage("'lepton.start-concurrency' 0 must be at least 1");
    }

    @Test
    void aServiceAtItsOwnLimitLetsOthersPass() {
        StartGate.Ticket a = gate.enter(LIMITED, 1, () -> granted.add("a"));
        gate.enter(LIMITED, 1, () -> granted.add("b"));
        enter("c");
        assertThat(granted).containsExactly("a", "c");

        a.leave();

        assertThat(granted).containsExactly("a", "c", "b");
    }

    private StartGate.Ticket enter(String name) {
        return gate.enter(FREE, null, () -> granted.add(name));
    }
}
