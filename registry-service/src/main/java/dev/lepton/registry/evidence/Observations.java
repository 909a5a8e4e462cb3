package dev.lepton.registry.evidence;

import dev.lepton.client.evidence.Evidence;
import dev.lepton.client.evidence.EvidenceKind;
import dev.lepton.client.unit.StartId;
import dev.lepton.client.unit.UnitId;
import dev.lepton.registry.unit.Postgres;
import java.util.List;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Table {@code observation}, by which the leader learns what other replicas were told. */
public class Observations {

    private final JdbcClient jdbc;

    Observations(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * What an observer says more than twice a second about a start is not stored.
     *
     * @throws dev.lepton.registry.unit.DatabaseAway when PostgreSQL does not answer
     */
    void store(UnitId unit, Evidence evidence, boolean counts) {
        Postgres.answer(() ->
                jdbc.sql(
                                """
                                INSERT INTO observation AS o
                                    (unit_id, observer, kind, start_id, detail, counts, seq, seen_at)
                                VALUES (?, ?, ?, ?, ?, ?, 1, clock_timestamp())
                                ON CONFLICT (unit_id, observer) DO UPDATE
                                SET kind = excluded.kind, start_id = excluded.start_id,
                                    detail = excluded.detail, counts = excluded.counts,
                                    seq = o.seq + 1, seen_at = excluded.seen_at
                                WHERE o.start_id <> excluded.start_id OR o.kind <> excluded.kind
                                    OR o.seen_at NOT BETWEEN excluded.seen_at - interval '500 ms'
                                        AND excluded.seen_at\
                                """)
                        .params(
                                unit.value(),
                                evidence.observer(),
                                evidence.kind().name(),
                                evidence.startId().value(),
                                evidence.detail(),
                                counts)
                        .update());
    }

    /** All that is kept, in no order. */
    public List<Observation> all() {
        return jdbc.sql(
                        """
                        SELECT unit_id, observer, kind, start_id, detail, counts, seq
                        FROM observation\
                        """)
                .query((row, _) ->
                        new Observation(
                                new UnitId(row.getString("unit_id")),
                                row.getString("observer"),
                                EvidenceKind.valueOf(row.getString("kind")),
                                new StartId(row.getObject("start_id", UUID.class)),
                                row.getString("detail"),
                                row.getBoolean("counts"),
                                row.getLong("seq")))
                .list();
    }

    /** Deletes what nobody has told of for so long that nobody can count it any more. */
    void prune() {
        jdbc.sql("DELETE FROM observation WHERE seen_at < clock_timestamp() - interval '10 min'")
                .update();
    }
}
