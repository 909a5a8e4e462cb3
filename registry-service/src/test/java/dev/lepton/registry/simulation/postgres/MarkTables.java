package dev.lepton.registry.simulation.postgres;

import dev.lepton.client.unit.StartId;
import dev.lepton.client.unit.UnitId;
import dev.lepton.registry.simulation.postgres.Tables.MarkRow;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/**
 * The marks of units and replicas: committed without waiting for the disk, so that a crash loses
 * the last.
 */
public final class MarkTables {

    private Map<UnitId, MarkRow> units = new HashMap<>();
    private Map<UUID, Long> replicas = new HashMap<>();
    private Map<UnitId, MarkRow> unitsOnDisk = new HashMap<>();
    private Map<UUID, Long> replicasOnDisk = new HashMap<>();

    public Map<UnitId, MarkRow> units() {
        return new HashMap<>(units);
    }

    public Map<UUID, Long> replicas() {
        return new HashMap<>(replicas);
    }

    Map<StartId, UUID> replicasOfStarts() {
        Map<StartId, UUID> through = new HashMap<>();
        for (MarkRow row : units.values()) {
            if (row.replica() != null) {
                through.put(row.start(), row.replica());
            }
        }
        return through;
    }

    /** The mark of a start that was just admitted. */
    void begin(UnitId unit, StartId start) {
        units.put(unit, new MarkRow(start, 0, null));
    }

    /** Whether it was newer than what is there, and of the same start. */
    boolean store(UnitId unit, StartId start, long seq, UUID replica) {
        MarkRow row = units.get(unit);
        if (row == null || !row.start().equals(start) || row.seq() >= seq) {
            return false;
        }
        units.put(unit, new MarkRow(start, seq, replica));
        return true;
    }

    void storeReplica(UUID replica) {
        replicas.merge(replica, 1L, Long::sum);
    }

    /** All that was written so far survives from now on. */
    void reachDisk() {
        unitsOnDisk = new HashMap<>(units);
        replicasOnDisk = new HashMap<>(replicas);
    }

    void crash() {
        units = new HashMap<>(unitsOnDisk);
        replicas = new HashMap<>(replicasOnDisk);
    }
}
