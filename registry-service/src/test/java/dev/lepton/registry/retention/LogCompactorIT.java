package dev.lepton.registry.retention;

import static dev.lepton.registry.retention.TestCompaction.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lepton.registry.support.FreshDatabase;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class LogCompactorIT {

    private static final Duration RETENTION = Duration.ofDays(7);
    private static final Duration LOOK_BACK = Duration.ofHours(6);
    private static final Instant OLD = NOW.minus(RETENTION).minusNanos(1000);

    @RegisterExtension static final FreshDatabase database = FreshDatabase.migrated();

    private long last;

    @BeforeEach
    void nobodyEverLedAndNothingWasLogged() {
        for (String statement :
                List.of(
                        "DELETE FROM leader",
                        "DELETE FROM change_log",
                        "UPDATE change_log_floor SET revision = 0",
                        "UPDATE incident_position SET revision = 1000000000")) {
            database.jdbc().sql(statement).update();
        }
    }

    @Test
    void changeIsDeletedWhenItIsOlderThanTheRetention() {
        logged(OLD);
        logged(NOW.minus(RETENTION));
        logged(NOW);

        TestCompaction compaction = compacted(1000);

        assertThat(kept()).containsExactly(2L, 3L);
        assertThat(compaction.floor()).isEqualTo(1);
    }

    @Test
    void newestAreKeptAndTheRestIsDeletedHoweverYoung() {
        logged(12_000, NOW);

        TestCompaction compaction = compacted(1000);

        assertThat(kept()).hasSize(1000).startsWith(11_001L).endsWith(12_000L);
        assertThat(compaction.floor()).isEqualTo(11_000);
    }

    @Test
    void logThatIsAllTooOldBecomesEmptyAndItsFloorIsTheLastRevision() {
        logged(5001, OLD);

        TestCompaction compaction = compacted(100_000);

        assertThat(kept()).isEmpty();
        assertThat(compaction.floor()).isEqualTo(5001);
    }

    @Test
    void oldChangeThatFollowsAYoungOneStaysSoThatNoGapBegins() {
        logged(OLD);
        logged(NOW);
        logged(OLD);

        compacted(1000);

        assertThat(kept()).containsExactly(2L, 3L);
    }

    @Test
    void whatTheIncidentsHaveYetToTakeInIsKept() {
        logged(100, OLD);
        database.jdbc().sql("UPDATE incident_position SET revision = 40").update();

        TestCompaction compaction = compacted(1000);

        assertThat(kept()).startsWith(41L).hasSize(60);
        assertThat(compaction.floor()).isEqualTo(40);
    }

    @Test
    void timesDownAndMovesBetweenNodesStayBelowTheFloorForAsLongAsTheDutiesReadThem() {
        Instant within = NOW.minus(LOOK_BACK).plusNanos(1000);
        logged(within, "unit", "UP", "DOWN_EXITED", "exit code 1");
        logged(within, "unit", "SUSPECT", "DOWN_SILENT", "silent");
        logged(within, "unit", "RECOVERING", "DOWN_EXITED", "exit code 1");
        logged(within, "desired", null, null, "moved from node-a, which is lost");
        logged(within, "desired", null, null, "wanted");
        logged(NOW.minus(LOOK_BACK), "unit", "UP", "DOWN_EXITED", "exit code 1");
        logged(1000, NOW);

        TestCompaction compaction = compacted(1000);

        assertThat(kept()).startsWith(1L, 2L, 4L, 7L).hasSize(1003);
        assertThat(compaction.floor()).isEqualTo(6);
    }

    @Test
    void whoeverDoesNotLeadDeletesNothing() {
        logged(10, OLD);

        compaction(1000).compact();

        assertThat(kept()).hasSize(10);
    }

    private static TestCompaction compacted(long maxRows) {
        TestCompaction compaction = compaction(maxRows).leading();
        compaction.compact();
        return compaction;
    }

    private static TestCompaction compaction(long maxRows) {
        return new TestCompaction(database.dataSource(), RETENTION, maxRows, LOOK_BACK);
    }

    private void logged(Instant at) {
        logged(1, at);
    }

    private void logged(int changes, Instant at) {
        database.jdbc()
                .sql(
                        """
                        INSERT INTO change_log (revision, at, kind, unit_id, event, from_state, to_state, reason, after)
                        SELECT r, ?, 'unit', 'worker-1', 'moved', 'UP', 'SUSPECT', 'silent', '{}'
                        FROM generate_series(?, ?) r\
                        """)
                .params(at.atOffset(ZoneOffset.UTC), last + 1, last + changes)
                .update();
        reached(last + changes);
    }

    private void logged(Instant at, String kind, String from, String to, String reason) {
        database.jdbc()
                .sql(
                        """
                        INSERT INTO change_log (revision, at, kind, unit_id, event, from_state, to_state, reason, after)
                        VALUES (?, ?, ?, 'worker-1', 'moved', ?, ?, ?, '{}')\
                        """)
                .params(last + 1, at.atOffset(ZoneOffset.UTC), kind, from, to, reason)
                .update();
        reached(last + 1);
    }

    private void reached(long revision) {
        last = revision;
        database.jdbc().sql("UPDATE revision_counter SET revision = ?").param(revision).update();
    }

    private static List<Long> kept() {
        return database.jdbc()
                .sql("SELECT revision FROM change_log ORDER BY revision")
                .query(Long.class)
                .list();
    }
}
