package dev.lepton.registry.heartbeat;

import dev.lepton.client.unit.UnitId;
import dev.lepton.registry.replica.ReplicaId;
import java.util.SortedMap;
import org.springframework.jdbc.core.JdbcOperations;
import org.springframework.transaction.support.TransactionOperations;

/** Writes marks to the tables {@code unit_mark} and {@code replica}. */
final class MarkRows {

    private final JdbcOperations jdbc;
    private final TransactionOperations transactions;
    private final ReplicaId replica;

    MarkRows(JdbcOperations jdbc, TransactionOperations transactions, ReplicaId replica) {
        this.jdbc = jdbc;
        this.transactions = transactions;
        this.replica = replica;
    }

    /**
     * Writes all marks and this replica's own. A crash of PostgreSQL may lose the last of them,
     * which the next beats make good; meanwhile no look finds an answer, so that the look after the
     * crash comes late and starts every lease afresh.
     */
    void write(SortedMap<UnitId, Mark> marks) {
        transactions.executeWithoutResult(_ -> {
            jdbc.execute("SET LOCAL synchronous_commit = off");
            if (!marks.isEmpty()) {
                writeUnits(marks);
            }
            writeReplica();
        });
    }

    /** Writes some of the marks, and of this replica nothing yet. */
    void writePiece(SortedMap<UnitId, Mark> marks) {
        transactions.executeWithoutResult(_ -> {
            jdbc.execute("SET LOCAL synchronous_commit = off");
            writeUnits(marks);
        });
    }

    private void writeUnits(SortedMap<UnitId, Mark> marks) {
        jdbc.update(
                """
                UPDATE unit_mark m SET seq = beat.seq, replica = ?
                FROM unnest(?::text[], ?::uuid[], ?::bigint[]) AS beat(unit_id, start_id, seq)
                WHERE m.unit_id = beat.unit_id AND m.start_id = beat.start_id
                  AND m.seq < beat.seq\
                """,
                replica.value(),
                marks.keySet().stream().map(UnitId::value).toArray(String[]::new),
                marks.values().stream().map(m -> m.start().toString()).toArray(String[]::new),
                marks.values().stream().map(Mark::seq).toArray(Long[]::new));
    }

    private void writeReplica() {
        jdbc.update(
                """
                INSERT INTO replica AS r (id, seq, flushed_at) VALUES (?, 1, clock_timestamp())
                ON CONFLICT (id) DO UPDATE SET seq = r.seq + 1, flushed_at = clock_timestamp()\
                """,
                replica.value());
    }

    /** Deletes the marks of replicas that ended long ago. */
    void prune() {
        jdbc.update("DELETE FROM replica WHERE flushed_at < clock_timestamp() - interval '1 day'");
    }
}
