package dev.lepton.registry.changelog;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;

/**
 * The one statement that stores a batch: guard, compare-and-set, counter, log rows. Each part waits
 * for the one before, so that every writer takes its locks in one order (leader, units by id,
 * starts, marks, desired rows by id, counter) and holds the counter, which all writers want, for
 * the shortest time.
 */
final class WriteStatement {

    private static final String SQL =
            """
            WITH proposed AS MATERIALIZED (
                SELECT *
                FROM ROWS FROM (jsonb_to_recordset(?) AS (kind text, id text, at timestamptz, event text,
                        from_state text, to_state text, reason text, role text, epoch bigint, after jsonb))
                    WITH ORDINALITY AS p (kind, id, at, event, from_state, to_state, reason, role, epoch, after, n)
            ),
            guard AS MATERIALIZED (
                SELECT l.role, l.epoch
                FROM leader l
                WHERE (l.role, l.epoch) IN (SELECT role, epoch FROM proposed WHERE role IS NOT NULL)
                FOR KEY SHARE OF l
            ),
            admitted AS MATERIALIZED (
                SELECT p.*
                FROM proposed p
                WHERE p.role IS NULL OR (p.role, p.epoch) IN (SELECT role, epoch FROM guard)
            ),
            unit_written AS (
                INSERT INTO unit AS u (id, service, start_id, incarnation, phase, scheme, host, port, node, beater,
                    program_version, weight, zone, pid, labels, registered_at, since, reason, forgotten, version)
                SELECT r.id, r.service, r.start_id, r.incarnation, r.phase, r.scheme, r.host, r.port, r.node, r.beater,
                    r.program_version, r.weight, r.zone, r.pid, r.labels, r.registered_at, r.since, r.reason,
                    r.forgotten, r.version
                FROM admitted a CROSS JOIN LATERAL jsonb_populate_record(NULL::unit, a.after) r
                WHERE a.kind = 'unit' AND (r.version = 1 OR EXISTS (SELECT FROM unit x WHERE x.id = r.id))
                ORDER BY r.id
                ON CONFLICT (id) DO UPDATE
                SET service = excluded.service, start_id = excluded.start_id, incarnation = excluded.incarnation,
                    phase = excluded.phase, scheme = excluded.scheme, host = excluded.host, port = excluded.port,
                    node = excluded.node, beater = excluded.beater, program_version = excluded.program_version,
                    weight = excluded.weight, zone = excluded.zone, pid = excluded.pid, labels = excluded.labels,
                    registered_at = excluded.registered_at, since = excluded.since, reason = excluded.reason,
                    forgotten = excluded.forgotten, version = excluded.version
                WHERE u.version = excluded.version - 1
                RETURNING u.id, u.start_id, u.incarnation, u.phase, u.registered_at, u.since
            ),
            started AS (
                INSERT INTO unit_start (unit_id, start_id, incarnation, started_at)
                SELECT w.id, w.start_id, w.incarnation, w.registered_at
                FROM unit_written w
                WHERE NOT EXISTS (SELECT FROM unit_start s
                    WHERE s.unit_id = w.id AND s.start_id = w.start_id AND s.incarnation = w.incarnation)
                ORDER BY w.id
                RETURNING unit_id, start_id
            ),
            ended AS (
                UPDATE unit_start s
                SET ended_at = w.since, how = w.phase
                FROM unit_written w
                WHERE w.phase IN ('DOWN_EXITED', 'STOPPED')
                    AND s.unit_id = w.id AND s.start_id = w.start_id AND s.ended_at IS NULL
                RETURNING s.unit_id
            ),
            marked AS (
                INSERT INTO unit_mark (unit_id, start_id, seq)
                SELECT unit_id, start_id, 0 FROM started ORDER BY unit_id
                ON CONFLICT (unit_id) DO UPDATE SET start_id = excluded.start_id, seq = 0, replica = NULL
                RETURNING unit_id
            ),
            desired_written AS (
                INSERT INTO desired AS d (unit_id, service, node, run, spec, restart_generation, generation, reason,
                    updated_at)
                SELECT r.unit_id, r.service, r.node, r.run, r.spec, r.restart_generation, r.generation, r.reason,
                    r.updated_at
                FROM admitted a CROSS JOIN LATERAL jsonb_populate_record(NULL::desired, a.after) r
                WHERE a.kind = 'desired'
                    AND (r.generation = 1 OR EXISTS (SELECT FROM desired x WHERE x.unit_id = r.unit_id))
                    AND (SELECT count(*) FROM marked) + (SELECT count(*) FROM ended) >= 0
                ORDER BY r.unit_id
                ON CONFLICT (unit_id) DO UPDATE
                SET service = excluded.service, node = excluded.node, run = excluded.run, spec = excluded.spec,
                    restart_generation = excluded.restart_generation, generation = excluded.generation,
                    reason = excluded.reason, updated_at = excluded.updated_at
                WHERE d.generation = excluded.generation - 1
                RETURNING d.unit_id
            ),
            written AS MATERIALIZED (
                SELECT a.n
                FROM admitted a
                WHERE CASE a.kind
                    WHEN 'desired' THEN a.id IN (SELECT unit_id FROM desired_written)
                    ELSE a.id IN (SELECT id FROM unit_written) END
            ),
            total AS MATERIALIZED (
                SELECT (SELECT count(*) FROM written) AS changes
                WHERE (SELECT count(*) FROM marked) + (SELECT count(*) FROM ended)
                    + (SELECT count(*) FROM desired_written) >= 0
            ),
            counter AS (
                UPDATE revision_counter c
                SET revision = c.revision + t.changes
                FROM total t
                WHERE t.changes > 0
                RETURNING c.revision - t.changes AS before
            ),
            numbered AS MATERIALIZED (
                SELECT w.n, c.before + row_number() OVER (ORDER BY w.n) AS revision
                FROM written w CROSS JOIN counter c
            ),
            logged AS (
                INSERT INTO change_log (revision, at, kind, unit_id, event, from_state, to_state, reason, epoch, after)
                SELECT m.revision, p.at, p.kind, p.id, p.event, p.from_state, p.to_state, p.reason, p.epoch, p.after
                FROM numbered m JOIN proposed p USING (n)
                ORDER BY m.revision
            )
            SELECT p.role IS NULL OR (p.role, p.epoch) IN (SELECT role, epoch FROM guard) AS admitted, m.revision
            FROM proposed p LEFT JOIN numbered m USING (n)
            ORDER BY p.n\
            """;

    private WriteStatement() {}

    /**
     * Stores proposals for different rows, all in one transaction.
     *
     * @param inputs made by {@link StoredJson#input}
     * @return an outcome for each, in their order
     */
    static List<WriteOutcome> execute(Connection connection, List<String> inputs)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(SQL)) {
            statement.setObject(1, "[" + String.join(",", inputs) + "]", Types.OTHER);
            try (ResultSet rows = statement.executeQuery()) {
                List<WriteOutcome> outcomes = new ArrayList<>(inputs.size());
                while (rows.next()) {
                    outcomes.add(outcome(rows.getBoolean(1), rows.getLong(2)));
                }
                return outcomes;
            }
        }
    }

    private static WriteOutcome outcome(boolean admitted, long revisionOrZero) {
        if (!admitted) {
            return new WriteOutcome.Deposed();
        }
        return revisionOrZero == 0
                ? new WriteOutcome.OutOfDate()
                : new WriteOutcome.Written(revisionOrZero);
    }
}
