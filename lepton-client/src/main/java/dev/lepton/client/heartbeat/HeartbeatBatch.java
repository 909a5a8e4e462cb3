package dev.lepton.client.heartbeat;

import dev.lepton.client.unit.NodeName;
import dev.lepton.client.unit.UnitId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The body of {@code POST /v1/heartbeats}: a supervisor beats for many units at once.
 *
 * @param beats 1 to 1000 of them
 */
public record HeartbeatBatch(@Nullable NodeName node, List<UnitHeartbeat> beats) {

    public static final int LIMIT = 1000;

    public HeartbeatBatch(@Nullable NodeName node, @Nullable List<UnitHeartbeat> beats) {
        if (beats == null || beats.isEmpty() || beats.size() > LIMIT) {
            throw new IllegalArgumentException("'beats' must hold 1 to %d beats".formatted(LIMIT));
        }
        this.node = node;
        this.beats = List.copyOf(beats);
    }

    /** One unit's beat in a batch. */
    public record UnitHeartbeat(UnitId unitId, Heartbeat heartbeat) {

        public UnitHeartbeat(@Nullable UnitId unitId, @Nullable Heartbeat heartbeat) {
            if (unitId == null || heartbeat == null) {
                throw new IllegalArgumentException("each beat needs 'unitId' and 'heartbeat'");
            }
            this.unitId = unitId;
            this.heartbeat = heartbeat;
        }
    }
}
