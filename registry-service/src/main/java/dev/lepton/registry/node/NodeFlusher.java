package dev.lepton.registry.node;

import dev.lepton.client.node.NodeBeat;
import dev.lepton.client.unit.NodeName;
import dev.lepton.registry.time.NanoClock;
import java.time.Duration;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/** Brings the beats of nodes to PostgreSQL. */
class NodeFlusher {

    private final NodeBeats beats;
    private final NodeRows rows;
    private final NanoClock clock;
    private final long storedWithinNanos;
    private volatile @Nullable Long lastStored;

    NodeFlusher(NodeBeats beats, NodeRows rows, Duration storedWithin, NanoClock clock) {
        this.beats = beats;
        this.rows = rows;
        this.clock = clock;
        this.storedWithinNanos = storedWithin.toNanos();
    }

    /** Whether beats reach PostgreSQL through this replica: its last flush is young enough. */
    boolean stores() {
        Long last = lastStored;
        return last != null && clock.nanos() - last <= storedWithinNanos;
    }

    void flush() {
        long begun = clock.nanos();
        SortedMap<NodeName, NodeBeat> unstored = beats.unstored();
        rows.write(unstored);
        beats.stored(unstored);
        lastStored = begun;
    }
}
