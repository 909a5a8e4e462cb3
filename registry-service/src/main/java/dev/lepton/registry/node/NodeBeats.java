package dev.lepton.registry.node;

import dev.lepton.client.node.NodeBeat;
import dev.lepton.client.unit.NodeName;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/** The beats of nodes that this replica took, in memory until they are stored. */
final class NodeBeats {

    private final Map<NodeName, NodeBeat> unstored = new ConcurrentHashMap<>();

    /** Of one supervisor the newest beat is kept, of two the one that came last. */
    void take(NodeName node, NodeBeat beat) {
        unstored.merge(node, beat, (old, fresh) -> older(fresh, old) ? old : fresh);
    }

    private static boolean older(NodeBeat beat, NodeBeat other) {
        return beat.supervisorId().equals(other.supervisorId()) && beat.seq() < other.seq();
    }

    /** What is to be written, in the order of the names. */
    SortedMap<NodeName, NodeBeat> unstored() {
        SortedMap<NodeName, NodeBeat> sorted =
                new TreeMap<>((a, b) -> a.value().compareTo(b.value()));
        sorted.putAll(unstored);
        return sorted;
    }

    void stored(Map<NodeName, NodeBeat> written) {
        written.forEach(unstored::remove);
    }
}
