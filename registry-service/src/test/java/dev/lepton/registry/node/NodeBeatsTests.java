package dev.lepton.registry.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lepton.client.node.NodeBeat;
import dev.lepton.client.unit.NodeName;
import dev.lepton.client.unit.StartId;
import java.util.Map;
import org.junit.jupiter.api.Test;

class NodeBeatsTests {

    private static final NodeName NODE = new NodeName("node-a");

    private final NodeBeats beats = new NodeBeats();
    private final StartId supervisor = StartId.random();

    @Test
    void newestBeatOfASupervisorIsKept() {
        beats.take(NODE, beat(supervisor, 2));
        beats.take(NODE, beat(supervisor, 1));

        assertThat(beats.unstored()).containsExactly(Map.entry(NODE, beat(supervisor, 2)));
    }

    @Test
    void nextSupervisorTakesThePlaceOfTheOneBefore() {
        NodeBeat next = beat(StartId.random(), 1);
        beats.take(NODE, beat(supervisor, 2));

        beats.take(NODE, next);

        assertThat(beats.unstored()).containsExactly(Map.entry(NODE, next));
    }

    @Test
    void whatCameWhileTheOthersWereWrittenIsStillToBeStored() {
        beats.take(NODE, beat(supervisor, 1));
        Map<NodeName, NodeBeat> written = beats.unstored();
        beats.take(NODE, beat(supervisor, 2));

        beats.stored(written);
        assertThat(beats.unstored()).containsExactly(Map.entry(NODE, beat(supervisor, 2)));
        beats.stored(beats.unstored());

        assertThat(beats.unstored()).isEmpty();
    }

    private static NodeBeat beat(StartId supervisor, long seq) {
        return new NodeBeat(supervisor, seq, 1, null, null);
    }
}
