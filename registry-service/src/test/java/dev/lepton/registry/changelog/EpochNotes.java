package dev.lepton.registry.changelog;

import java.util.ArrayList;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Has PostgreSQL write down which epoch the leader row names whenever a change is logged, and
 * compares it with the epoch under which the change was made.
 */
public final class EpochNotes {

    private final JdbcClient jdbc;

    public EpochNotes(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    public void begin() {
        jdbc.sql("CREATE TABLE epoch_note (revision bigint, epoch bigint)").update();
        jdbc.sql(
                        """
                        CREATE FUNCTION note_epoch() RETURNS trigger LANGUAGE plpgsql AS $$
                        BEGIN
                            INSERT INTO epoch_note SELECT NEW.revision, epoch FROM leader;
                            RETURN NEW;
                        END $$\
                        """)
                .update();
        jdbc.sql(
                        """
                        CREATE TRIGGER note_epoch BEFORE INSERT ON change_log
                        FOR EACH ROW EXECUTE FUNCTION note_epoch()\
                        """)
                .update();
    }

    /** The changes of leaders that were deposed; empty when all is well. */
    public List<String> changesOfDeposedLeaders() {
        List<String> found =
                new ArrayList<>(
                        jdbc.sql(
                                        """
                                        SELECT format('%s of %s under epoch %s in epoch %s',
                                            l.event, l.unit_id, l.epoch, n.epoch)
                                        FROM change_log l LEFT JOIN epoch_note n USING (revision)
                                        WHERE l.epoch IS NOT NULL AND l.epoch IS DISTINCT FROM n.epoch\
                                        """)
                                .query(String.class)
                                .list());
        found.addAll(
                jdbc.sql(
                                """
                                SELECT format('%s of %s under epoch %s after one under epoch %s',
                                    event, unit_id, epoch, newest)
                                FROM (SELECT event, unit_id, epoch, max(epoch) OVER (ORDER BY revision) AS newest
                                    FROM change_log WHERE epoch IS NOT NULL) l
                                WHERE epoch < newest\
                                """)
                        .query(String.class)
                        .list());
        return found;
    }
}
