package dev.lepton.registry.unit;

import dev.lepton.client.unit.StartId;
import dev.lepton.client.unit.UnitId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Map.Entry;
import org.springframework.jdbc.core.JdbcOperations;

/** Reads table {@code unit_start}: every start that ever was a unit. */
final class Starts {

    private final JdbcOperations jdbc;

    Starts(JdbcOperations jdbc) {
        this.jdbc = jdbc;
    }

    /** A process whose end was seen can no longer do anything, whatever becomes of the unit. */
    void exited(UnitId unit, StartId start) {
        jdbc.update(
                """
                UPDATE unit_start SET exited_at = clock_timestamp()
                WHERE unit_id = ? AND start_id = ?::uuid AND exited_at IS NULL\
                """,
                unit.value(),
                start.toString());
    }

    boolean hasExited(UnitId unit, StartId start) {
        return Boolean.TRUE.equals(
                jdbc.queryForObject(
                        """
                        SELECT EXISTS (SELECT 1 FROM unit_start
                            WHERE unit_id = ? AND start_id = ?::uuid AND exited_at IS NOT NULL)\
                        """,
                        Boolean.class,
                        unit.value(),
                        start.toString()));
    }

    /** The known ones among the asked pairs. */
    Map<UnitId, KnownStart> find(Map<UnitId, StartId> asked) {
        List<Entry<UnitId, StartId>> pairs = List.copyOf(asked.entrySet());
        Map<UnitId, KnownStart> known = new HashMap<>();
        jdbc.query(
                """
                SELECT s.unit_id, s.incarnation, s.ended_at IS NOT NULL AS ended
                FROM unnest(?::text[], ?::uuid[]) AS asked(unit_id, start_id)
                JOIN unit_start s USING (unit_id, start_id)\
                """,
                row -> {
                    known.put(
                            new UnitId(row.getString("unit_id")),
                            new KnownStart(row.getLong("incarnation"), row.getBoolean("ended")));
                },
                pairs.stream().map(p -> p.getKey().value()).toArray(String[]::new),
                pairs.stream().map(p -> p.getValue().toString()).toArray(String[]::new));
        return known;
    }
}
