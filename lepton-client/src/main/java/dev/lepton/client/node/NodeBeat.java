package dev.lepton.client.node;

import dev.lepton.client.heartbeat.HeartbeatBatch;
import dev.lepton.client.unit.ServiceName;
import dev.lepton.client.unit.StartId;
import dev.lepton.client.unit.UnitId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The body of {@code PUT /v1/nodes/{node}/heartbeat}: a supervisor says each second that its node
 * lives, what runs there and what more could. The first beat of a supervisor registers its node.
 *
 * @param supervisorId one for each start of the supervisor
 * @param seq grows with each beat of a supervisor, from 1
 * @param capacity how many units the node may run in all, 0 to 1000
 * @param services those whose units the node knows how to run
 * @param observed for each unit of the node the generation of its desired row that it has been
 *     brought to, 0 for none
 */
public record NodeBeat(
        StartId supervisorId,
        long seq,
        int capacity,
        List<ServiceName> services,
        List<Observed> observed) {

    private static final int MOST_CAPACITY = 1000;

    public NodeBeat(
            @Nullable StartId supervisorId,
            long seq,
            int capacity,
            @Nullable List<ServiceName> services,
            @Nullable List<Observed> observed) {
        if (supervisorId == null) {
            throw new IllegalArgumentException("'supervisorId' is missing");
        }
        if (seq < 1) {
            throw new IllegalArgumentException("seq %d must be at least 1".formatted(seq));
        }
        if (capacity < 0 || capacity > MOST_CAPACITY) {
            throw new IllegalArgumentException(
                    "capacity %d must be from 0 to %d".formatted(capacity, MOST_CAPACITY));
        }
        if (observed != null && observed.size() > HeartbeatBatch.LIMIT) {
            throw new IllegalArgumentException(
                    "'observed' holds %d units, the limit is %d"
                            .formatted(observed.size(), HeartbeatBatch.LIMIT));
        }
        this.supervisorId = supervisorId;
        this.seq = seq;
        this.capacity = capacity;
        this.services = services == null ? List.of() : List.copyOf(services);
        this.observed = observed == null ? List.of() : List.copyOf(observed);
    }

    /** The generation that a unit of the node has been brought to. */
    public record Observed(UnitId unitId, long generation) {

        public Observed(@Nullable UnitId unitId, long generation) {
            if (unitId == null) {
                throw new IllegalArgumentException("'unitId' is missing");
            }
            if (generation < 0) {
                throw new IllegalArgumentException(
                        "generation %d must not be negative".formatted(generation));
            }
            this.unitId = unitId;
            this.generation = generation;
        }
    }
}
