package dev.lepton.registry.lease;

import dev.lepton.client.unit.StartId;
import dev.lepton.client.unit.UnitId;
import dev.lepton.registry.lease.Marks.UnitMark;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.springframework.jdbc.core.JdbcOperations;

/** Reads the marks of all units and replicas in one look. */
final class MarkReader {

    private static final String SQL =
            """
            SELECT unit_id, start_id, seq, replica FROM unit_mark
            UNION ALL
            SELECT NULL, NULL, seq, id FROM replica\
            """;

    private final JdbcOperations jdbc;
    private int lastSize;

    MarkReader(JdbcOperations jdbc) {
        this.jdbc = jdbc;
    }

    /** As a prepared statement, because only the rows of one come in binary. */
    Marks read() {
        return Objects.requireNonNull(
                jdbc.query(connection -> connection.prepareStatement(SQL), this::marks));
    }

    private Marks marks(ResultSet rows) throws SQLException {
        Map<UnitId, UnitMark> units = HashMap.newHashMap(lastSize);
        Map<UUID, Long> replicas = new HashMap<>();
        while (rows.next()) {
            String unit = rows.getString(1);
            UUID replica = rows.getObject(4, UUID.class);
            if (unit == null) {
                replicas.put(replica, rows.getLong(3));
            } else {
                StartId start = new StartId(rows.getObject(2, UUID.class));
                units.put(new UnitId(unit), new UnitMark(start, rows.getLong(3), replica));
            }
        }
        lastSize = units.size();
        return new Marks(units, replicas);
    }
}
