package dev.lepton.registry.changelog;

import static dev.lepton.registry.changelog.TestUnits.NOON;
import static dev.lepton.registry.changelog.TestUnits.aUnit;
import static dev.lepton.registry.changelog.TestUnits.guardedMove;
import static dev.lepton.registry.changelog.TestUnits.registration;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lepton.client.watch.Change;
import dev.lepton.registry.lifecycle.Phase;
import dev.lepton.registry.unit.UnitRow;
import dev.lepton.registry.watch.WatchValidators;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Shows that what is read from the change log tells of bugs in the statement that writes it. */
class SeededStatementsIT {

    private static final String GUARD =
            "WHERE p.role IS NULL OR (p.role, p.epoch) IN (SELECT role, epoch FROM guard)";
    private static final String COUNTER =
            """
            UPDATE revision_counter c
                SET revision = c.revision + t.changes
                FROM total t
                WHERE t.changes > 0
                RETURNING c.revision - t.changes AS before\
            """;
    private static final String SEQUENCE =
            "SELECT nextval('seeded') - 1 AS before FROM total t WHERE t.changes > 0";

    private final TestDatabase database = TestDatabase.create();
    private final JdbcClient jdbc = JdbcClient.create(database.dataSource());

    @Test
    void withoutTheEpochGuardTheLogShowsTheChangeOfADeposedLeader() throws Exception {
        EpochNotes notes = new EpochNotes(jdbc);
        notes.begin();
        UnitRow unit = aUnit("guarded");
        UnitRow next = unit.moved(Phase.SUSPECT, NOON, "silent");
        jdbc.sql("INSERT INTO leader (role, epoch, seq) VALUES ('duties', 7, 1)").update();

        try (SeededDriver _ = SeededDriver.replacing(GUARD, "");
                ChangeWriter genuine = writer(database.url());
                ChangeWriter seeded = writer(SeededDriver.url(database.url()))) {
            genuine.write(registration(unit)).join();
            genuine.write(guardedMove(unit, next, new LeaderGuard("duties", 6))).join();
            assertThat(notes.changesOfDeposedLeaders()).isEmpty();

            seeded.write(guardedMove(unit, next, new LeaderGuard("duties", 6))).join();
        }

        assertThat(notes.changesOfDeposedLeaders())
                .containsExactly("moved of guarded under epoch 6 in epoch 7");
    }

    @Test
    void withASequenceForTheRevisionTheLogHasAGapWhileAnEarlierChangeIsUnderWay() throws Exception {
        jdbc.sql("CREATE SEQUENCE seeded").update();

        try (SeededDriver _ = SeededDriver.replacing(COUNTER, SEQUENCE)) {
            assertThat(seenBesideASlowChange(SeededDriver.url(database.url())))
                    .containsExactly("2 is stored after 0");
        }
    }

    @Test
    void withTheCounterTheLogNeverHasAGap() throws Exception {
        assertThat(seenBesideASlowChange(database.url())).isEmpty();
    }

    /** What is wrong with the log at the moment at which the quicker of two changes is stored. */
    private List<String> seenBesideASlowChange(String url) throws Exception {
        slow("slow");
        try (ChangeWriter first = writer(url);
                ChangeWriter second = writer(url)) {
            CompletableFuture<WriteOutcome> slow = first.write(registration(aUnit("slow")));
            await().atMost(Duration.ofSeconds(30)).until(this::sleeps);
            second.write(registration(aUnit("quick"))).join();

            List<String> broken =
                    WatchValidators.violations(List.of(), log())
                            .getOrDefault("log gap-free", List.of());
            slow.join();
            return broken;
        }
    }

    private void slow(String unit) {
        jdbc.sql(
                        """
                        CREATE FUNCTION sleep() RETURNS trigger LANGUAGE plpgsql AS $$
                        BEGIN PERFORM pg_sleep(0.5); RETURN NEW; END $$\
                        """)
                .update();
        jdbc.sql(
                        """
                        CREATE TRIGGER sleep BEFORE INSERT ON change_log
                        FOR EACH ROW WHEN (NEW.unit_id = '%s') EXECUTE FUNCTION sleep()\
                        """
                                .formatted(unit))
                .update();
    }

    private boolean sleeps() {
        return jdbc.sql(
                        """
                        SELECT EXISTS (SELECT FROM pg_stat_activity
                            WHERE datname = current_database() AND wait_event = 'PgSleep')\
                        """)
                .query(Boolean.class)
                .single();
    }

    private List<Change> log() throws SQLException {
        try (Connection connection = database.dataSource().getConnection()) {
            return ChangeLog.after(connection, 0, Integer.MAX_VALUE).stream()
                    .map(LoggedChange::view)
                    .toList();
        }
    }

    private ChangeWriter writer(String url) {
        ChangeWriter writer =
                new ChangeWriter(
                        new DirectConnections(url, database.user(), database.password()),
                        InstantSource.system(),
                        List.of());
        writer.start();
        return writer;
    }
}
