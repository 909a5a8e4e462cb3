package dev.lepton.registry.heartbeat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lepton.client.unit.StartId;
import dev.lepton.client.unit.UnitId;
import dev.lepton.registry.replica.ReplicaId;
import dev.lepton.registry.support.FreshDatabase;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

class MarkFlusherIT {

    @RegisterExtension static final FreshDatabase database = FreshDatabase.migrated();

    private final JdbcTemplate jdbc = new JdbcTemplate(database.dataSource());
    private final AtomicLong nanos = new AtomicLong();
    private final ReplicaId replica = ReplicaId.random();
    private final MarkTable marks = new MarkTable();
    private final MarkFlusher flusher = flusher(marks, replica);
    private final UnitId unit = new UnitId("unit-" + UUID.randomUUID());
    private final StartId start = StartId.random();

    @Test
    void flushStoresTheMarksAndItsOwn() {
        admitted(unit, start);
        marks.take(unit, start, 7, 0);

        flusher.flush();
        flusher.flush();

        assertThat(stored())
                .containsEntry("seq", 7L)
                .containsEntry("start_id", start.value())
                .containsEntry("replica", replica.value());
        assertThat(ownSeq(replica)).isEqualTo(2);
    }

    @Test
    void marksInPostgresOnlyGrow() {
        admitted(unit, start);
        MarkTable others = new MarkTable();
        ReplicaId other = ReplicaId.random();
        marks.take(unit, start, 7, 0);
        others.take(unit, start, 6, 0);

        flusher.flush();
        flusher(others, other).flush();

        assertThat(stored()).containsEntry("seq", 7L).containsEntry("replica", replica.value());
    }

    @Test
    void markOfASupersededStartIsNotStored() {
        StartId next = StartId.random();
        admitted(unit, next);
        marks.take(unit, start, 7, 0);

        flusher.flush();

        assertThat(stored()).containsEntry("seq", 0L).containsEntry("start_id", next.value());
    }

    @Test
    void thousandMarksAreOneStatement() {
        IntStream.range(0, 1000)
                .forEach(i -> {
                    UnitId id = new UnitId(unit + "." + i);
                    admitted(id, start);
                    marks.take(id, start, i + 1, 0);
                });

        flusher.flush();

        assertThat(
                        jdbc.queryForObject(
                                "SELECT sum(seq) FROM unit_mark WHERE replica = ?",
                                Long.class,
                                replica.value()))
                .isEqualTo(500_500);
    }

    @Test
    void marksOfALargeFleetAreWrittenInPiecesAndVouchedForOnce() {
        int units = 12_001;
        jdbc.update(
                """
                INSERT INTO unit_mark (unit_id, start_id, seq)
                SELECT ? || n, ?, 0 FROM generate_series(1, ?) n\
                """,
                unit + ".",
                start.value(),
                units);
        for (int i = 1; i <= units; i++) {
            marks.take(new UnitId(unit + "." + i), start, 7, 0);
        }

        flusher.flush();

        assertThat(
                        jdbc.queryForObject(
                                "SELECT count(*) FROM unit_mark WHERE replica = ? AND seq = 7",
                                Integer.class,
                                replica.value()))
                .isEqualTo(units);
        assertThat(ownSeq(replica)).isEqualTo(1);
        assertThat(flusher.unflushed()).isZero();
    }

    @Test
    void replicaStoresUntilItsLastFlushIsOlderThanOneSecond() {
        assertThat(flusher.stores()).isFalse();

        flusher.flush();
        nanos.addAndGet(Duration.ofSeconds(1).toNanos());
        assertThat(flusher.stores()).isTrue();
        nanos.addAndGet(1);

        assertThat(flusher.stores()).isFalse();
    }

    @Test
    void marksThatPostgresDidNotTakeAreWrittenByALaterFlush() {
        admitted(unit, start);
        marks.take(unit, start, 7, 0);
        jdbc.execute("ALTER TABLE replica RENAME TO away");
        try {
            assertThatThrownBy(flusher::flush).isInstanceOf(DataAccessException.class);
        } finally {
            jdbc.execute("ALTER TABLE away RENAME TO replica");
        }
        assertThat(flusher.stores()).isFalse();
        assertThat(stored()).containsEntry("seq", 0L);

        flusher.flush();

        assertThat(stored()).containsEntry("seq", 7L);
    }

    private MarkFlusher flusher(MarkTable table, ReplicaId id) {
        DataSource source = database.dataSource();
        var transactions = new TransactionTemplate(new DataSourceTransactionManager(source));
        MarkRows rows = new MarkRows(new JdbcTemplate(source), transactions, id);
        return new MarkFlusher(table, rows, Duration.ofSeconds(1), nanos::get);
    }

    private void admitted(UnitId id, StartId holder) {
        jdbc.update(
                "INSERT INTO unit_mark (unit_id, start_id, seq) VALUES (?, ?, 0)",
                id.value(),
                holder.value());
    }

    private Map<String, Object> stored() {
        return jdbc.queryForMap("SELECT * FROM unit_mark WHERE unit_id = ?", unit.value());
    }

    private long ownSeq(ReplicaId id) {
        return jdbc.queryForObject("SELECT seq FROM replica WHERE id = ?", Long.class, id.value());
    }
}
