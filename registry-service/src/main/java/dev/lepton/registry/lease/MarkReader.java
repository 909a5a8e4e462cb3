package dev.lepton.registry.lease;

import dev.lepton.client.unit.StartId;
import dev.lepton.client.unit.UnitId;
import dev.lepton.registry.lease.Marks.UnitMark;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.springframework.jdbc.core.JdbcOperations;

/** Reads the marks of all units and replicas in one look. */
final class MarkReader {

    private final JdbcOperations jdbc;

    MarkReader(JdbcOperations jdbc) {
        this.jdbc = jdbc;
    }

    Marks read() {
        Map<UnitId, UnitMark> units = new HashMap<>();
        Map<UUID, Long> replicas = new HashMap<>();
        jdbc.query(
                """
                SELECT unit_id, start_id, seq, replica FROM unit_mark
                UNION ALL
                SELECT NULL, NULL, seq, id FROM replica\
                """,
                row -> {
                    UUID replica = row.getObject("replica", UUID.class);
                    String unit = row.getString("unit_id");
                    if (unit == null) {
                        replicas.put(replica, row.getLong("seq"));
                    } else {
                        StartId start = new StartId(row.getObject("start_id", UUID.class));
                        units.put(
                                new UnitId(unit), new UnitMark(start, row.getLong("seq"), replica));
                    }
                });
        return new Marks(units, replicas);
    }
}
