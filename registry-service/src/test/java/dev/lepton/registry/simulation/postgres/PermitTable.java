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

    private record Row(StartId start, long expiresAt) {}

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

    public void grant(UnitId unit, StartId start, long expiresAt) {
        rows.put(unit, new Row(start, expiresAt));
    }

    public void release(UnitId unit, StartId start) {
        rows.computeIfPresent(unit, (_, row) -> row.start.equals(start) ? null : row);
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
