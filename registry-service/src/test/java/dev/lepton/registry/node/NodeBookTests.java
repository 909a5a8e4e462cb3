package dev.lepton.registry.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lepton.client.node.NodeBeat;
import dev.lepton.client.unit.NodeName;
import dev.lepton.client.unit.StartId;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class NodeBookTests {

    private static final long SECOND = Duration.ofSeconds(1).toNanos();
    private static final long SILENT = 6 * SECOND;
    private static final long LOST = 60 * SECOND;
    private static final long PAUSE = 2 * SECOND;
    private static final NodeName NODE = new NodeName("node-a");

    private final NodeBook book =
            new NodeBook(Duration.ofSeconds(6), Duration.ofSeconds(60), Duration.ofSeconds(2));
    private StartId supervisor = StartId.random();

    /** A monotonic clock may run over. */
    private long now = Long.MAX_VALUE - LOST;

    private long seq = 7;

    @Test
    void nodeIsLiveOnlyWhenItsMarkWasSeenToChange() {
        look();
        assertThat(state()).isEqualTo(NodeState.SILENT);

        beat();

        assertThat(state()).isEqualTo(NodeState.LIVE);
    }

    @Test
    void nextSupervisorOfTheNodeIsAChangeToo() {
        look();
        supervisor = StartId.random();

        now += SECOND;
        look();

        assertThat(state()).isEqualTo(NodeState.LIVE);
    }

    @Test
    void nodeIsLiveForExactlyTheLeaseAndKeptForExactlyTheTimeOfALoss() {
        look();
        beat();
        long last = now;

        silentUntil(last + SILENT);
        assertThat(state()).isEqualTo(NodeState.LIVE);
        silentUntil(last + SILENT + 1);
        assertThat(state()).isEqualTo(NodeState.SILENT);
        silentUntil(last + LOST);
        assertThat(state()).isEqualTo(NodeState.SILENT);
        silentUntil(last + LOST + 1);
        assertThat(state()).isEqualTo(NodeState.LOST);
        assertThat(book.silence(NODE, now)).isEqualTo(Duration.ofNanos(LOST + 1));
    }

    @Test
    void lookThatIsExactlyAsLateAsAllowedJudges() {
        look();
        beat();
        long last = now;
        silentUntil(last + LOST - SECOND);

        now += PAUSE;
        look();

        assertThat(state()).isEqualTo(NodeState.LOST);
    }

    @Test
    void laterLookBeginsAllSilencesAnew() {
        look();
        beat();
        long last = now;
        silentUntil(last + LOST - SECOND);

        now += PAUSE + 1;
        look();
        assertThat(book.silence(NODE, now)).isZero();

        assertThat(state()).isEqualTo(NodeState.SILENT);
    }

    @Test
    void newLeaderBeginsAllSilencesAnewAndWaitsForABeat() {
        look();
        beat();

        book.refresh(now);

        assertThat(state()).isEqualTo(NodeState.SILENT);
        beat();
        assertThat(state()).isEqualTo(NodeState.LIVE);
    }

    @Test
    void nodeThatNeverBeatIsLost() {
        look();

        assertThat(book.state(new NodeName("node-b"), now)).isEqualTo(NodeState.LOST);
    }

    private NodeState state() {
        return book.state(NODE, now);
    }

    private void beat() {
        seq++;
        now += SECOND;
        look();
    }

    private void silentUntil(long end) {
        while (end - now > 0) {
            now += Math.min(SECOND, end - now);
            look();
        }
    }

    private void look() {
        NodeBeat beat = new NodeBeat(supervisor, seq, 1, null, null);
        book.look(now, List.of(new KnownNode(NODE, beat)));
    }
}
