package dev.lepton.registry.simulation.postgres;

import dev.lepton.client.unit.StartId;
import dev.lepton.client.unit.UnitId;
import dev.lepton.registry.brake.SimulatedBrake.Open;
import dev.lepton.registry.lifecycle.Phase;
import dev.lepton.registry.unit.UnitRow;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The last permit of each unit to end its live process, timed by the server's clock. */
public final class PermitTable {

    private record Row(StartId start, long expiresAt, long question) {}

    private final Tables tables;
    private final Map<UnitId, Row> rows = new LinkedHashMap<>();

    PermitTable(Tables tables) {
        this.tables = tables;
    }

    /** Those that are neither used up nor too old. */
    public List<Open> open(long now) {
        return rows.entrySet().stream()
                .filter(e -> e.getValue().expiresAt > now && unfinished(e.getKey(), e.getValue()))
                .map(e -> new Open(e.getKey(), e.getValue().start))
                .toList();
    }

    /** Whether it is new: one that counts answers the later of the questions. */
    public boolean grant(UnitId unit, StartId start, long now, long expiresAt, long question) {
        Row row = rows.get(unit);
        if (open(now).contains(new Open(unit, start)) && row != null) {
            rows.put(unit, new Row(start, row.expiresAt, Math.max(row.question, question)));
            return false;
        }
        rows.put(unit, new Row(start, expiresAt, question));
        return true;
    }

    /** Whether there was one that answers no later question. */
    public boolean release(UnitId unit, StartId start, long question) {
        Row row = rows.get(unit);
        return row != null
                && row.start.equals(start)
                && row.question <= question
                && rows.remove(unit, row);
    }

    /** How many units could serve now or after a recovery. */
    public int units() {
        return (int) tables.units().stream().filter(PermitTable::counts).count();
    }

    private boolean unfinished(UnitId unit, Row permit) {
        UnitRow row = tables.unit(unit);
        return row != null
                && counts(row)
                && (row.startId().equals(permit.start) || row.phase() != Phase.UP);
    }

    private static boolean counts(UnitRow row) {
        return !row.forgotten() && row.phase() != Phase.QUARANTINED && row.phase() != Phase.STOPPED;
    }
}
