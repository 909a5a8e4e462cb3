package dev.lepton.supervisor.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lepton.client.desired.Desired;
import dev.lepton.client.node.NodeBeat;
import dev.lepton.client.node.NodeBeat.Observed;
import dev.lepton.client.node.NodeBeatAnswer;
import dev.lepton.client.policy.StoredPolicy;
import dev.lepton.client.rest.RegistryRefusal;
import dev.lepton.client.unit.ServiceName;
import dev.lepton.client.unit.StartId;
import dev.lepton.client.unit.UnitId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class NodePresenceTests {

    private static final Observed OBSERVED = new Observed(new UnitId("web-1"), 4);

    private final List<NodeBeat> beats = new ArrayList<>();
    private final List<String> told = new ArrayList<>();
    private NodeBeatAnswer answer = answer(0);
    private boolean away;
    private final NodePresence presence =
            new NodePresence(
                    (beat, _) -> beat(beat),
                    this::policies,
                    new ThisNode(3, List.of(new ServiceName("web")), "127.0.0.1"),
                    () -> List.of(OBSERVED),
                    new Listener());

    @AfterEach
    void close() {
        presence.close();
    }

    @Test
    void aBeatTellsWhatTheNodeIsAndHowFarItsUnitsHaveFollowed() {
        presence.pass();
        presence.pass();

        assertThat(beats).extracting(NodeBeat::seq).containsExactly(1L, 2L);
        assertThat(beats).extracting(NodeBeat::supervisorId).doesNotContainNull();
        assertThat(beats.getFirst().capacity()).isEqualTo(3);
        assertThat(beats.getFirst().services()).containsExactly(new ServiceName("web"));
        assertThat(beats.getFirst().observed()).containsExactly(OBSERVED);
    }

    @Test
    void unitsThatSomebodyDoesNotReachAreProbed() {
        answer = new NodeBeatAnswer(true, Duration.ofSeconds(1), List.of(new UnitId("web-1")), 0);

        presence.pass();

        assertThat(told).contains("doubted web-1");
    }

    @Test
    void policiesAreReadAtTheBeginningAndWheneverTheyHaveChanged() {
        presence.pass();
        presence.pass();
        assertThat(told).containsExactly("policies");

        answer = answer(1);
        presence.pass();

        assertThat(told).containsExactly("policies", "policies");
    }

    @Test
    void policiesThatCouldNotBeReadAreReadInTheNextTurn() {
        answer = answer(5);
        away = true;
        presence.pass();
        assertThat(told).isEmpty();

        away = false;
        presence.pass();

        assertThat(told).containsExactly("policies");
    }

    private NodeBeatAnswer beat(NodeBeat beat) {
        beats.add(beat);
        return answer;
    }

    private List<StoredPolicy> policies() {
        if (away) {
            throw new RegistryRefusal.Unavailable("away", null, null);
        }
        return List.of();
    }

    private static NodeBeatAnswer answer(long policyVersion) {
        return new NodeBeatAnswer(true, Duration.ofSeconds(1), List.of(), policyVersion);
    }

    private final class Listener implements RegistryListener {

        @Override
        public void unconfirmed(UnitId unit, StartId start, Duration left) {}

        @Override
        public void displaced(UnitId unit, StartId start) {}

        @Override
        public void hangs(UnitId unit, StartId start, String reason) {}

        @Override
        public void doubted(UnitId unit) {
            told.add("doubted " + unit);
        }

        @Override
        public void desired(Collection<Desired> rows, String clusterId) {}

        @Override
        public void policies(List<StoredPolicy> policies) {
            told.add("policies");
        }
    }
}
