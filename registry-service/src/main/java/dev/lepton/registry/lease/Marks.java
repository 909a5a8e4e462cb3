package dev.lepton.registry.lease;

import dev.lepton.client.unit.StartId;
import dev.lepton.client.unit.UnitId;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The marks of units and of replicas, as they were in PostgreSQL at one look.
 *
 * @param replicas the sequence number of each replica's own mark
 */
record Marks(Map<UnitId, UnitMark> units, Map<UUID, Long> replicas) {

    /**
     * The last beat of a unit that reached PostgreSQL.
     *
     * @param replica the replica that took it, null before the first beat of the start
     */
    record UnitMark(StartId start, long seq, @Nullable UUID replica) {}
}
