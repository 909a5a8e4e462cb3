package dev.lepton.registry.retention;

import java.time.Instant;
import java.time.ZoneOffset;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Tables {@code change_log} and {@code change_log_floor}, as the compaction writes them. */
final class CompactionRows {

    private final JdbcClient jdbc;

    CompactionRows(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** Up to where the log has been compacted. */
    long floor() {
        return jdbc.sql("SELECT revision FROM change_log_floor").query(Long.class).single();
    }

    /**
     * Raises the floor to just before the first change that is to be kept, by {@code most} changes
     * at once, and never past what the incidents have yet to take in.
     *
     * @param keptSince changes since then are kept, unless they are more than {@code maxRows}
     * @return whether it was raised
     */
    boolean raiseFloor(Instant keptSince, long maxRows, int most) {
        return jdbc.sql(
                                """
                                WITH next AS MATERIALIZED (
                                    SELECT l.revision, l.at < :keptSince OR l.revision <= c.revision - :maxRows AS over
                                    FROM change_log_floor f CROSS JOIN revision_counter c CROSS JOIN incident_position p
                                        CROSS JOIN LATERAL (
                                            SELECT revision, at FROM change_log
                                            WHERE revision > f.revision AND revision <= p.revision
                                            ORDER BY revision LIMIT :most) l
                                ),
                                raised AS (
                                    SELECT max(revision) AS revision FROM next
                                    WHERE revision < coalesce((SELECT min(revision) FROM next WHERE NOT over),
                                        9223372036854775807)
                                )
                                UPDATE change_log_floor f SET revision = r.revision
                                FROM raised r WHERE r.revision > f.revision\
                                """)
                        .param("keptSince", keptSince.atOffset(ZoneOffset.UTC))
                        .param("maxRows", maxRows)
                        .param("most", most)
                        .update()
                == 1;
    }

    /**
     * Deletes what the floor hides, the oldest first, but for the times down and the moves between
     * nodes that the duties look back to.
     *
     * @return how many
     */
    int deleteBelowFloor(Instant lookBack, int most) {
        return jdbc.sql(
                        """
                        DELETE FROM change_log WHERE revision IN (
                            SELECT l.revision FROM change_log l
                            WHERE l.revision <= (SELECT revision FROM change_log_floor)
                                AND NOT (l.at > :lookBack AND (
                                    (l.kind = 'desired' AND starts_with(l.reason, 'moved from '))
                                    OR (l.kind = 'unit' AND l.from_state IN ('UP', 'SUSPECT')
                                        AND l.to_state IN ('DOWN_SILENT', 'DOWN_HUNG', 'DOWN_EXITED'))))
                            ORDER BY l.revision LIMIT :most)\
                        """)
                .param("lookBack", lookBack.atOffset(ZoneOffset.UTC))
                .param("most", most)
                .update();
    }
}
