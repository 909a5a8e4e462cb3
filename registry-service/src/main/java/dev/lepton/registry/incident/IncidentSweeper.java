package dev.lepton.registry.incident;

import dev.lepton.registry.leader.Duties;
import dev.lepton.registry.settings.IncidentSettings;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Deletes incidents that are kept no longer: those closed too long ago, and of each unit, open or
 * not, those that are more than the newest few.
 */
final class IncidentSweeper {

    private static final int BATCH_LIMIT = 100;

    private final Duties duties;
    private final JdbcClient jdbc;
    private final IncidentSettings settings;
    private final InstantSource time;

    IncidentSweeper(Duties duties, JdbcClient jdbc, IncidentSettings settings, InstantSource time) {
        this.duties = duties;
        this.jdbc = jdbc;
        this.settings = settings;
        this.time = time;
    }

    /** In small transactions, so that nobody waits long for a row. */
    void sweep() {
        Batch batch;
        do {
            batch = new Batch();
        } while (duties.write(batch) && batch.deleted == BATCH_LIMIT);
    }

    /** One transaction. It passes over a row that is being written: the next sweep finds it. */
    private final class Batch implements Runnable {

        private int deleted;

        @Override
        public void run() {
            OffsetDateTime kept =
                    time.instant().minus(settings.retention()).atOffset(ZoneOffset.UTC);
            deleted =
                    jdbc.sql(
                                    """
                                    DELETE FROM incident WHERE id IN (
                                        SELECT i.id FROM incident i
                                        WHERE i.closed_at < :kept OR i.id IN (
                                            SELECT id FROM (SELECT id, row_number()
                                                OVER (PARTITION BY unit_id ORDER BY id DESC) AS place
                                                FROM incident) placed
                                            WHERE place > :perUnit)
                                        LIMIT :batch
                                        FOR UPDATE SKIP LOCKED)\
                                    """)
                            .param("kept", kept)
                            .param("perUnit", settings.keptPerUnit())
                            .param("batch", BATCH_LIMIT)
                            .update();
        }
    }
}
