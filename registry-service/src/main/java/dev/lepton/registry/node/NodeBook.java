package dev.lepton.registry.node;

import dev.lepton.client.unit.NodeName;
import dev.lepton.client.unit.StartId;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * How long, by this observer's monotonic clock, each node's mark has not changed. A look that came
 * too late judges nobody: all silences begin anew. Not safe for several threads.
 */
final class NodeBook {

    private final long silentNanos;
    private final long lostNanos;
    private final long pauseNanos;
    private final Map<NodeName, Seen> nodes = new HashMap<>();
    private long lastLook;
    private boolean looked;

    /**
     * @param silentAfter silence after which a node is no longer live
     * @param pause distance of two looks beyond which all silences begin anew
     */
    NodeBook(Duration silentAfter, Duration lostAfter, Duration pause) {
        this.silentNanos = silentAfter.toNanos();
        this.lostNanos = lostAfter.toNanos();
        this.pauseNanos = pause.toNanos();
    }

    /** Begins all silences anew; who is live has yet to be seen. */
    void refresh(long now) {
        nodes.replaceAll((_, seen) -> new Seen(seen.supervisor, seen.seq, now, false));
    }

    /** Takes in one look at the marks. */
    void look(long now, Collection<KnownNode> known) {
        if (looked && now - lastLook > pauseNanos) {
            refresh(now);
        }
        looked = true;
        lastLook = now;
        nodes.keySet().retainAll(known.stream().map(KnownNode::name).collect(Collectors.toSet()));
        known.forEach(node -> nodes.merge(node.name(), first(node, now), NodeBook::newer));
    }

    private static Seen first(KnownNode node, long now) {
        return new Seen(node.beat().supervisorId(), node.beat().seq(), now, false);
    }

    private static Seen newer(Seen before, Seen fresh) {
        boolean same = before.supervisor.equals(fresh.supervisor) && before.seq == fresh.seq;
        return same ? before : new Seen(fresh.supervisor, fresh.seq, fresh.at, true);
    }

    /** Lost also when the node is not known at all: its supervisor never beat, or long ago. */
    NodeState state(NodeName node, long now) {
        Seen seen = nodes.get(node);
        if (seen == null || now - seen.at > lostNanos) {
            return NodeState.LOST;
        }
        return seen.beats && now - seen.at <= silentNanos ? NodeState.LIVE : NodeState.SILENT;
    }

    /** Since its mark was seen to change; zero for a node that is not known. */
    Duration silence(NodeName node, long now) {
        Seen seen = nodes.get(node);
        return seen == null ? Duration.ZERO : Duration.ofNanos(now - seen.at);
    }

    /**
     * @param beats whether the mark was seen to change, and not only seen
     */
    private record Seen(StartId supervisor, long seq, long at, boolean beats) {}
}
