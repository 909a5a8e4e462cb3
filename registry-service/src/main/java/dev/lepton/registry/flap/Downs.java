package dev.lepton.registry.flap;

import dev.lepton.client.unit.UnitId;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Reads from the change log when units that served went down. */
final class Downs {

    private final JdbcClient jdbc;

    Downs(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** Those of units that are not forgotten, in the order of the change log. */
    List<Down> since(Instant begin) {
        return jdbc.sql(
                        """
                        SELECT c.revision, c.unit_id, c.at
                        FROM change_log c JOIN unit u ON u.id = c.unit_id AND NOT u.forgotten
                        WHERE c.at > ? AND c.kind = 'unit' AND c.from_state IN ('UP', 'SUSPECT')
                            AND c.to_state IN ('DOWN_SILENT', 'DOWN_HUNG', 'DOWN_EXITED')
                        ORDER BY c.revision\
                        """)
                .param(begin.atOffset(ZoneOffset.UTC))
                .query((row, _) ->
                        new Down(
                                new UnitId(row.getString("unit_id")),
                                row.getLong("revision"),
                                row.getObject("at", OffsetDateTime.class).toInstant()))
                .list();
    }

    /** A unit that served went down, as this revision of the change log. */
    record Down(UnitId unit, long revision, Instant at) {}
}
