package dev.lepton.registry.simulation.node;

import dev.lepton.client.desired.Desired;
import dev.lepton.client.unit.StartId;
import dev.lepton.client.unit.UnitId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a supervisor has written down; it survives the supervisor and the node. */
final class Disk {

    /**
     * The record of one unit.
     *
     * @param start of the run that is on, written before its process is started; null for none
     * @param pid null until the process is started
     * @param restarts how often it was restarted by itself
     * @param restartGeneration the last one that was followed
     */
    record Entry(
            @Nullable StartId start, @Nullable Long pid, int restarts, long restartGeneration) {

        Entry beginning(StartId next) {
            return new Entry(next, null, restarts, restartGeneration);
        }

        Entry running(StartId running, long runningPid) {
            return new Entry(running, runningPid, restarts, restartGeneration);
        }

        Entry ended() {
            return new Entry(null, null, restarts, restartGeneration);
        }

        Entry restartedOnceMore() {
            return new Entry(start, pid, restarts + 1, restartGeneration);
        }

        Entry following(long generation) {
            return new Entry(start, pid, restarts, generation);
        }
    }

    private static final Entry NOTHING = new Entry(null, null, 0, 0);

    private final Map<UnitId, Entry> entries = new HashMap<>();
    private final Map<UnitId, Desired> desired = new HashMap<>();
    private long revision;

    Entry entry(UnitId unit) {
        return entries.getOrDefault(unit, NOTHING);
    }

    void write(UnitId unit, Entry entry) {
        entries.put(unit, entry);
    }

    @Nullable Desired desired(UnitId unit) {
        return desired.get(unit);
    }

    /** False when what is there is newer. */
    boolean follow(long seen, List<Desired> rows) {
        if (seen < revision) {
            return false;
        }
        revision = seen;
        rows.forEach(row -> desired.put(row.unitId(), row));
        return true;
    }
}
