package dev.lepton.registry.node;

import dev.lepton.client.unit.NodeName;
import dev.lepton.registry.changelog.LeaderGuard;
import dev.lepton.registry.fleet.FleetView;
import dev.lepton.registry.leader.Leadership;
import dev.lepton.registry.time.NanoClock;
import dev.lepton.registry.unit.UnitRow;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Looks at the marks of the nodes. Every replica looks, so that it can say who is live; the leader
 * also has the units of lost nodes moved.
 */
final class NodeWatch implements LiveNodes {

    static final Duration INTERVAL = Duration.ofSeconds(1);

    /** Lateness of a look beyond which all silences begin anew. */
    static final Duration PAUSE = INTERVAL.plus(Duration.ofSeconds(1));

    /** As old as a watch may be before its clients leave it. */
    private static final Duration OLDEST_FLEET = Duration.ofSeconds(5);

    private final NodeRows rows;
    private final NodeBook book;
    private final NodeFlusher flusher;
    private final FleetView fleet;
    private final Leadership leadership;
    private final NodeMover mover;
    private final NanoClock clock;
    private volatile List<KnownNode> known = List.of();
    private long watchedUnder;

    NodeWatch(
            NodeRows rows,
            NodeBook book,
            NodeFlusher flusher,
            FleetView fleet,
            Leadership leadership,
            NodeMover mover,
            NanoClock clock) {
        this.rows = rows;
        this.book = book;
        this.flusher = flusher;
        this.fleet = fleet;
        this.leadership = leadership;
        this.mover = mover;
        this.clock = clock;
    }

    /** When PostgreSQL does not answer, this look is missing, and the next one is late. */
    void look() {
        List<KnownNode> read = rows.all();
        LeaderGuard guard = leadership.guard();
        observe(read, guard);
        known = read;
        if (guard != null) {
            mover.move(silences(read), live(read), guard);
        }
    }

    @Override
    public boolean live(NodeName node) {
        return sighting(node).state() == NodeState.LIVE;
    }

    @Override
    public boolean supervised(NodeName node) {
        return sighting(node).state() != NodeState.LOST;
    }

    List<KnownNode> known() {
        return known;
    }

    /** What this replica has seen of a node. */
    Sighting sighting(NodeName node) {
        synchronized (book) {
            long now = clock.nanos();
            return new Sighting(book.state(node, now), book.silence(node, now));
        }
    }

    private void observe(List<KnownNode> read, @Nullable LeaderGuard guard) {
        synchronized (book) {
            long now = clock.nanos();
            boolean leadsAnew = guard != null && guard.epoch() != watchedUnder;
            boolean blind = !flusher.stores() || fleet.age().compareTo(OLDEST_FLEET) > 0;
            if (leadsAnew || blind) {
                book.refresh(now);
            }
            if (guard != null) {
                watchedUnder = guard.epoch();
            }
            book.look(now, read);
        }
    }

    private List<KnownNode> live(Collection<KnownNode> read) {
        return read.stream().filter(node -> live(node.name())).toList();
    }

    /** Of the nodes that are not live and that some unit is to run on. */
    private Map<NodeName, Long> silences(Collection<KnownNode> read) {
        Set<NodeName> needed = new HashSet<>();
        for (UnitRow unit : fleet.units()) {
            NodeName place = Evacuation.place(unit, fleet.desired(unit.id()));
            if (place != null) {
                needed.add(place);
            }
        }
        Map<NodeName, Long> silences = new LinkedHashMap<>();
        for (KnownNode node : read) {
            Sighting seen = sighting(node.name());
            if (seen.state() != NodeState.LIVE && needed.contains(node.name())) {
                silences.put(node.name(), seen.silence().toNanos());
            }
        }
        return silences;
    }

    /**
     * @param silence since the node's mark was seen to change
     */
    record Sighting(NodeState state, Duration silence) {}
}
