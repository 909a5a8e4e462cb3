package dev.lepton.registry.incident;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lepton.registry.leader.Duties;
import dev.lepton.registry.leader.TestLeadership;
import dev.lepton.registry.settings.IncidentSettings;
import dev.lepton.registry.settings.LeaderSettings;
import dev.lepton.registry.support.FreshDatabase;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

class IncidentSweeperIT {

    private static final Instant NOW = Instant.parse("2026-06-01T12:00:00Z");
    private static final Duration RETENTION = Duration.ofDays(90);

    @RegisterExtension static final FreshDatabase database = FreshDatabase.migrated();

    private final TestLeadership leadership =
            new TestLeadership(
                    database.jdbc(),
                    new LeaderSettings(Duration.ofSeconds(1), Duration.ofSeconds(6)),
                    () -> 0);
    private int made;

    @BeforeEach
    void nobodyEverLedAndNothingFailed() {
        database.jdbc().sql("DELETE FROM leader").update();
        database.jdbc().sql("DELETE FROM incident").update();
    }

    @Test
    void incidentIsDeletedWhenItWasClosedForLongerThanTheRetention() {
        leadership.look();
        incident("exactly", NOW.minus(RETENTION));
        incident("longer", NOW.minus(RETENTION).minusNanos(1000));
        incident("open", null);

        sweeper(100).sweep();

        assertThat(kept()).containsExactly("exactly", "open");
        assertThat(
                        database.jdbc()
                                .sql("SELECT count(*) FROM incident_step")
                                .query(Long.class)
                                .single())
                .isEqualTo(2);
    }

    @Test
    void newestOfEachUnitAreKeptOpenOrNot() {
        leadership.look();
        for (int i = 0; i < 4; i++) {
            incident("worker-1", i % 2 == 0 ? NOW : null);
        }
        incident("worker-2", NOW);

        sweeper(3).sweep();

        assertThat(kept()).containsExactly("worker-1", "worker-1", "worker-1", "worker-2");
        assertThat(
                        database.jdbc()
                                .sql("SELECT count(*) FROM incident WHERE closed_at IS NULL")
                                .query(Long.class)
                                .single())
                .isEqualTo(2);
    }

    @Test
    void oneSweepDeletesAllThatIsDueHoweverMany() {
        leadership.look();
        for (int i = 0; i < 250; i++) {
            incident("worker-1", NOW.minus(RETENTION.multipliedBy(2)));
        }

        sweeper(100).sweep();

        assertThat(kept()).isEmpty();
    }

    @Test
    void whoeverDoesNotLeadDeletesNothing() {
        incident("worker-1", NOW.minus(RETENTION.multipliedBy(2)));

        sweeper(100).sweep();

        assertThat(kept()).containsExactly("worker-1");
    }

    private IncidentSweeper sweeper(int keptPerUnit) {
        DataSource source = database.dataSource();
        JdbcClient jdbc = JdbcClient.create(source);
        return new IncidentSweeper(
                new Duties(
                        leadership.itself(),
                        new TransactionTemplate(new DataSourceTransactionManager(source)),
                        jdbc),
                jdbc,
                new IncidentSettings(RETENTION, keptPerUnit),
                InstantSource.fixed(NOW));
    }

    private void incident(String unit, @Nullable Instant closedAt) {
        database.jdbc()
                .sql(
                        """
                        WITH made AS (
                            INSERT INTO incident (unit_id, start_id, service, created_at, followed, closed_at)
                            VALUES (:unit, gen_random_uuid(), 'worker', now(), false,
                                CAST(:closed AS timestamptz))
                            RETURNING id
                        )
                        INSERT INTO incident_step (incident_id, revision, at, event, reason)
                        SELECT id, :revision, now(), 'exited', 'as tested' FROM made\
                        """)
                .param("unit", unit)
                .param("closed", closedAt == null ? null : closedAt.atOffset(ZoneOffset.UTC))
                .param("revision", ++made)
                .update();
    }

    private static List<String> kept() {
        return database.jdbc()
                .sql("SELECT unit_id FROM incident ORDER BY unit_id")
                .query(String.class)
                .list();
    }
}
