package dev.lepton.registry.node;

import dev.lepton.client.unit.UnitId;
import java.time.Duration;
import java.util.Set;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Reads from the change log which units were moved from one node to another. */
final class PastMoves {

    /** How the reason of a desired row begins that moves a unit; the index of the log knows it. */
    static final String WORD = "moved from ";

    private final JdbcClient jdbc;

    PastMoves(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    Set<UnitId> within(Duration span) {
        return Set.copyOf(
                jdbc.sql(
                                """
                                SELECT DISTINCT unit_id FROM change_log
                                WHERE kind = 'desired' AND starts_with(reason, 'moved from ')
                                    AND at > clock_timestamp() - make_interval(secs => ?)\
                                """)
                        .param(span.toMillis() / 1000.0)
                        .query((row, _) -> new UnitId(row.getString("unit_id")))
                        .list());
    }
}
