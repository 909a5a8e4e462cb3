package dev.lepton.registry.changelog;

import static dev.lepton.registry.changelog.TestUnits.NOON;
import static dev.lepton.registry.changelog.TestUnits.aUnit;
import static dev.lepton.registry.changelog.TestUnits.desired;
import static dev.lepton.registry.changelog.TestUnits.guardedMove;
import static dev.lepton.registry.changelog.TestUnits.move;
import static dev.lepton.registry.changelog.TestUnits.nextStart;
import static dev.lepton.registry.changelog.TestUnits.registration;
import static dev.lepton.registry.changelog.TestUnits.wish;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.lepton.registry.changelog.WriteOutcome.Deposed;
import dev.lepton.registry.changelog.WriteOutcome.OutOfDate;
import dev.lepton.registry.changelog.WriteOutcome.Written;
import dev.lepton.registry.lifecycle.Phase;
import dev.lepton.registry.unit.UnitRow;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.jdbc.core.JdbcTemplate;

class ChangeWriterIT {

    private static final TestDatabase database = TestDatabase.create();

    private final JdbcTemplate jdbc = database.jdbc();
    private final AtomicInteger commits = new AtomicInteger();
    private final ChangeWriter writer = newWriter();
    private final String id = "u-" + UUID.randomUUID();

    @BeforeEach
    void start() {
        writer.start();
    }

    @AfterEach
    void stop() {
        writer.close();
    }

    @Test
    void firstRegistrationStoresTheUnitItsStartItsMarkAndOneLogRow() {
        UnitRow unit = aUnit(id);

        WriteOutcome outcome = outcome(registration(unit));

        long revision = ((Written) outcome).revision();
        assertThat(stored()).isEqualTo(unit);
        assertThat(
                        jdbc.queryForMap(
                                "SELECT start_id, incarnation, ended_at FROM unit_start WHERE unit_id = ?",
                                id))
                .containsEntry("start_id", unit.startId().value())
                .containsEntry("incarnation", 1L)
                .containsEntry("ended_at", null);
        assertThat(jdbc.queryForMap("SELECT * FROM unit_mark WHERE unit_id = ?", id))
                .containsEntry("start_id", unit.startId().value())
                .containsEntry("seq", 0L)
                .containsEntry("replica", null);
        assertThat(logged())
                .containsExactly(
                        new LoggedChange(
                                revision,
                                NOON,
                                unit.id(),
                                "registered",
                                null,
                                "registered",
                                unit,
                                null));
    }

    @Test
    void changeOfAnOldVersionIsOutOfDateAndWritesNothing() {
        UnitRow first = aUnit(id);
        UnitRow second = first.moved(Phase.UP, NOON, "good beat");
        outcome(registration(first));
        outcome(move(first, second));

        assertThat(outcome(move(first, first.moved(Phase.SUSPECT, NOON, "silent"))))
                .isEqualTo(new OutOfDate());

        assertThat(stored()).isEqualTo(second);
        assertThat(logged()).hasSize(2);
    }

    @Test
    void secondRegistrationOfVersionOneIsOutOfDate() {
        outcome(registration(aUnit(id)));

        assertThat(outcome(registration(aUnit(id)))).isEqualTo(new OutOfDate());
    }

    @Test
    void laterVersionOfAnUnknownUnitIsOutOfDate() {
        UnitRow second = aUnit(id).moved(Phase.UP, NOON, "good beat");

        assertThat(outcome(move(aUnit(id), second))).isEqualTo(new OutOfDate());

        assertThat(jdbc.queryForList("SELECT id FROM unit WHERE id = ?", id)).isEmpty();
    }

    @Test
    void changesOfOneUnitSubmittedTogetherAreStoredOneAfterTheOther() {
        List<CompletableFuture<WriteOutcome>> futures = new ArrayList<>();
        UnitRow unit = aUnit(id);
        futures.add(writer.write(registration(unit)));
        for (int i = 0; i < 50; i++) {
            UnitRow next = unit.moved(i % 2 == 0 ? Phase.UP : Phase.SUSPECT, NOON, "move " + i);
            futures.add(writer.write(move(unit, next)));
            unit = next;
        }

        assertThat(futures).allSatisfy(f -> assertThat(f.join()).isInstanceOf(Written.class));
        assertThat(stored()).isEqualTo(unit);
        assertThat(logged())
                .extracting(LoggedChange::unit)
                .extracting(UnitRow::version)
                .containsExactlyElementsOf(LongStream.rangeClosed(1, 51).boxed().toList());
    }

    @Test
    void ofTwoReplicasThatMoveAUnitExactlyOneWins() throws Exception {
        try (ChangeWriter other = newWriter()) {
            other.start();
            UnitRow unit = aUnit(id);
            outcome(registration(unit));
            for (int i = 0; i < 100; i++) {
                UnitRow next = unit.moved(i % 2 == 0 ? Phase.UP : Phase.SUSPECT, NOON, "race");

                var mine = writer.write(move(unit, next));
                var theirs = other.write(move(unit, next));

                assertThat(List.of(mine.get().getClass(), theirs.get().getClass()))
                        .containsExactlyInAnyOrder(Written.class, OutOfDate.class);
                unit = next;
            }
        }
    }

    @Test
    void burstIsGroupedAndNumberedInTheOrderOfItsSubmission() throws Exception {
        commits.set(0);
        List<CompletableFuture<WriteOutcome>> futures;

        try (Holder counter = new Holder("SELECT revision FROM revision_counter FOR UPDATE")) {
            futures =
                    IntStream.range(0, 2000)
                            .mapToObj(i -> writer.write(registration(aUnit(id + "-" + i))))
                            .toList();
        }

        List<Long> revisions = futures.stream().map(f -> ((Written) f.join()).revision()).toList();
        assertThat(revisions)
                .containsExactlyElementsOf(
                        LongStream.range(revisions.getFirst(), revisions.getFirst() + 2000)
                                .boxed()
                                .toList());
        assertThat(commits.get()).isBetween(4, 200);
    }

    @Test
    void changeThatPostgresRefusesFailsAloneAndLeavesNoGap() {
        long before = revision();
        List<CompletableFuture<WriteOutcome>> futures =
                IntStream.range(0, 100)
                        .mapToObj(i -> {
                            UnitRow unit = aUnit(id + "-" + i);
                            return writer.write(
                                    registration(
                                            i == 42
                                                    ? unit.moved(Phase.UP, NOON, "no \u0000")
                                                    : unit));
                        })
                        .toList();

        for (int i = 0; i < 100; i++) {
            if (i == 42) {
                assertThatThrownBy(futures.get(i)::join)
                        .isInstanceOf(CompletionException.class)
                        .hasCauseInstanceOf(DataAccessException.class);
            } else {
                assertThat(futures.get(i).join()).isInstanceOf(Written.class);
            }
        }
        assertThat(revision()).isEqualTo(before + 99);
        assertThat(logCountAfter(before)).isEqualTo(99);
    }

    @Test
    void exitEndsTheStartAndTheNextStartTakesTheMark() {
        UnitRow first = aUnit(id);
        UnitRow exited = first.moved(Phase.DOWN_EXITED, NOON.plusSeconds(5), "exit 1");
        UnitRow second = nextStart(exited);
        outcome(registration(first));
        jdbc.update(
                "UPDATE unit_mark SET seq = 9, replica = gen_random_uuid() WHERE unit_id = ?", id);

        outcome(move(first, exited));
        outcome(registration(second));

        assertThat(
                        jdbc.queryForList(
                                """
                                SELECT incarnation || ' ' || coalesce(how, '-') || ' ' || coalesce(ended_at = ?, false)
                                FROM unit_start WHERE unit_id = ? ORDER BY incarnation\
                                """,
                                String.class,
                                NOON.plusSeconds(5).atOffset(ZoneOffset.UTC),
                                id))
                .containsExactly("1 DOWN_EXITED true", "2 - false");
        assertThat(jdbc.queryForMap("SELECT * FROM unit_mark WHERE unit_id = ?", id))
                .containsEntry("start_id", second.startId().value())
                .containsEntry("seq", 0L)
                .containsEntry("replica", null);
    }

    @Test
    void startIdThatWasUsedBeforeIsRefusedForEver() {
        UnitRow first = aUnit(id);
        UnitRow second = nextStart(first);
        outcome(registration(first));
        outcome(registration(second));
        UnitRow again = nextStart(second);
        UnitRow replayed =
                new UnitRow(
                        again.id(),
                        again.service(),
                        first.startId(),
                        again.incarnation(),
                        again.phase(),
                        again.address(),
                        again.node(),
                        again.beater(),
                        again.programVersion(),
                        again.weight(),
                        again.zone(),
                        again.pid(),
                        again.labels(),
                        again.registeredAt(),
                        again.since(),
                        again.reason(),
                        false,
                        again.version());

        assertThatThrownBy(() -> outcome(registration(replayed)))
                .hasCauseInstanceOf(DataAccessException.class);

        assertThat(stored()).isEqualTo(second);
    }

    @Test
    void desiredRowFollowsItsGeneration() {
        assertThat(outcome(wish(desired(id, 2)))).isEqualTo(new OutOfDate());
        assertThat(outcome(wish(desired(id, 1)))).isInstanceOf(Written.class);
        assertThat(outcome(wish(desired(id, 1)))).isEqualTo(new OutOfDate());
        assertThat(outcome(wish(desired(id, 2)))).isInstanceOf(Written.class);

        assertThat(logged())
                .extracting(LoggedChange::desired)
                .containsExactly(desired(id, 1), desired(id, 2));
    }

    @Test
    void deposedLeaderChangesNothing() {
        String role = "sweep-" + id;
        lead(role, 7);
        UnitRow unit = aUnit(id);
        outcome(registration(unit));
        UnitRow next = unit.moved(Phase.SUSPECT, NOON, "silent");
        long before = revision();

        assertThat(outcome(guardedMove(unit, next, new LeaderGuard(role, 6))))
                .isEqualTo(new Deposed());
        assertThat(outcome(guardedMove(unit, next, new LeaderGuard("unknown", 7))))
                .isEqualTo(new Deposed());
        assertThat(stored()).isEqualTo(unit);
        assertThat(revision()).isEqualTo(before);

        assertThat(outcome(guardedMove(unit, next, new LeaderGuard(role, 7))))
                .isInstanceOf(Written.class);
    }

    @Test
    void changeOfADutyIsLoggedWithTheLeadersEpochAndNoOtherIs() {
        String role = "sweep-" + id;
        lead(role, 7);
        UnitRow unit = aUnit(id);
        outcome(registration(unit));
        outcome(
                guardedMove(
                        unit, unit.moved(Phase.SUSPECT, NOON, "silent"), new LeaderGuard(role, 7)));

        assertThat(
                        jdbc.queryForList(
                                "SELECT epoch FROM change_log WHERE unit_id = ? ORDER BY revision",
                                Long.class,
                                id))
                .containsExactly(null, 7L);
    }

    @Test
    void deposedProposalsDoNotHoldUpTheOthersOfTheirBatch() throws Exception {
        String role = "sweep-" + id;
        lead(role, 2);
        List<UnitRow> units = IntStream.range(0, 30).mapToObj(i -> aUnit(id + "-" + i)).toList();
        units.forEach(u -> outcome(registration(u)));
        List<CompletableFuture<WriteOutcome>> futures;
        try (Holder counter = new Holder("SELECT revision FROM revision_counter FOR UPDATE")) {
            futures =
                    IntStream.range(0, 30)
                            .mapToObj(i ->
                                    writer.write(
                                            guardedMove(
                                                    units.get(i),
                                                    units.get(i).moved(Phase.UP, NOON, "x"),
                                                    i % 3 == 0
                                                            ? null
                                                            : new LeaderGuard(role, i % 3))))
                            .toList();
        }

        for (int i = 0; i < 30; i++) {
            assertThat(futures.get(i).join())
                    .isInstanceOf(i % 3 == 1 ? Deposed.class : Written.class);
        }
    }

    @Test
    void takeoverWaitsForAnOpenGuardWhileRenewalsPass() throws Exception {
        String role = "sweep-" + id;
        lead(role, 1);
        UnitRow unit = aUnit(id);
        outcome(registration(unit));
        CompletableFuture<WriteOutcome> guarded;
        try (Holder counter = new Holder("SELECT revision FROM revision_counter FOR UPDATE")) {
            guarded =
                    writer.write(
                            guardedMove(
                                    unit,
                                    unit.moved(Phase.SUSPECT, NOON, "silent"),
                                    new LeaderGuard(role, 1)));
            awaitWriterWaitsForALock();

            assertThat(impatiently("UPDATE leader SET seq = seq + 1 WHERE role = '%s'", role))
                    .isTrue();
            assertThat(
                            impatiently(
                                    "UPDATE leader SET epoch = epoch + 1, holder = gen_random_uuid() WHERE role = '%s'",
                                    role))
                    .isFalse();
        }

        assertThat(guarded.get(5, TimeUnit.SECONDS)).isInstanceOf(Written.class);
        assertThat(impatiently("UPDATE leader SET epoch = epoch + 1 WHERE role = '%s'", role))
                .isTrue();
        assertThat(
                        outcome(
                                guardedMove(
                                        stored(),
                                        stored().moved(Phase.UP, NOON, "beat"),
                                        new LeaderGuard(role, 1))))
                .isEqualTo(new Deposed());
    }

    @Test
    void guardThatWaitedForATakeoverIsDeposed() throws Exception {
        String role = "sweep-" + id;
        lead(role, 1);
        UnitRow unit = aUnit(id);
        outcome(registration(unit));
        CompletableFuture<WriteOutcome> guarded;
        try (Holder takeover =
                new Holder("UPDATE leader SET epoch = 2 WHERE role = '%s'".formatted(role))) {
            guarded =
                    writer.write(
                            guardedMove(
                                    unit,
                                    unit.moved(Phase.SUSPECT, NOON, "silent"),
                                    new LeaderGuard(role, 1)));
            awaitWriterWaitsForALock();
        }

        assertThat(guarded.get(5, TimeUnit.SECONDS)).isEqualTo(new Deposed());
        assertThat(stored()).isEqualTo(unit);
    }

    @Test
    void connectionThatIsKilledCostsNoMoreThanTheChangesOfThatMoment() {
        outcome(registration(aUnit(id)));

        assertThat(database.terminate("lepton change writer")).isPositive();

        await().atMost(Duration.ofSeconds(5))
                .ignoreExceptions()
                .untilAsserted(() ->
                        assertThat(outcome(registration(aUnit(id + "-" + UUID.randomUUID()))))
                                .isInstanceOf(Written.class));
    }

    @Test
    void lockThatIsNeverReleasedFailsTheChangeInsteadOfHoldingItForEver() throws Exception {
        try (Holder counter = new Holder("SELECT revision FROM revision_counter FOR UPDATE")) {
            assertThatThrownBy(
                            () -> writer.write(registration(aUnit(id))).get(10, TimeUnit.SECONDS))
                    .hasCauseInstanceOf(DataAccessException.class);
        }

        assertThat(outcome(registration(aUnit(id)))).isInstanceOf(Written.class);
    }

    @Test
    void changeSubmittedAfterTheCloseFails() {
        writer.close();

        assertThatThrownBy(() -> outcome(registration(aUnit(id))))
                .hasCauseInstanceOf(DataAccessResourceFailureException.class);
    }

    @Test
    void whatWasSubmittedBeforeTheCloseIsStored() {
        List<CompletableFuture<WriteOutcome>> futures =
                IntStream.range(0, 1000)
                        .mapToObj(i -> writer.write(registration(aUnit(id + "-" + i))))
                        .toList();

        writer.close();

        assertThat(futures).allSatisfy(f -> assertThat(f.join()).isInstanceOf(Written.class));
    }

    @Test
    void databaseThatIsAwayFailsTheChange() {
        try (ChangeWriter lost =
                new ChangeWriter(
                        new DirectConnections("jdbc:postgresql://127.0.0.1:1/none", "x", null),
                        InstantSource.fixed(NOON),
                        List.of())) {
            lost.start();

            assertThatThrownBy(() -> lost.write(registration(aUnit(id))).get(5, TimeUnit.SECONDS))
                    .hasCauseInstanceOf(DataAccessResourceFailureException.class);
        }
    }

    private ChangeWriter newWriter() {
        return new ChangeWriter(
                database.connections(),
                InstantSource.fixed(NOON),
                List.of(commits::incrementAndGet));
    }

    private WriteOutcome outcome(ProposedChange change) {
        return writer.write(change).join();
    }

    private UnitRow stored() {
        return StoredJson.unit(
                jdbc.queryForObject(
                        "SELECT to_jsonb(u) FROM unit u WHERE id = ?", String.class, id));
    }

    private List<LoggedChange> logged() {
        try (Connection connection = database.dataSource().getConnection()) {
            return ChangeLog.after(connection, 0, Integer.MAX_VALUE).stream()
                    .filter(c -> c.unitId().value().equals(id))
                    .toList();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private long revision() {
        return jdbc.queryForObject("SELECT revision FROM revision_counter", Long.class);
    }

    private long logCountAfter(long revision) {
        return jdbc.queryForObject(
                "SELECT count(*) FROM change_log WHERE revision > ?", Long.class, revision);
    }

    private void lead(String role, long epoch) {
        jdbc.update(
                "INSERT INTO leader (role, holder, epoch, seq) VALUES (?, gen_random_uuid(), ?, 1)",
                role,
                epoch);
    }

    /** Whether a statement succeeds without waiting for a lock. */
    private boolean impatiently(String sql, String role) throws SQLException {
        try (Connection connection = database.dataSource().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("SET lock_timeout = '50ms'");
            return statement.executeUpdate(sql.formatted(role)) == 1;
        } catch (SQLException e) {
            assertThat(e.getSQLState()).isEqualTo("55P03");
            return false;
        }
    }

    private void awaitWriterWaitsForALock() {
        await().pollInterval(Duration.ofMillis(5))
                .atMost(Duration.ofSeconds(2))
                .until(() ->
                        jdbc.queryForObject(
                                        """
                                        SELECT count(*) FROM pg_stat_activity
                                        WHERE application_name = 'lepton change writer'
                                            AND datname = current_database()
                                            AND wait_event_type = 'Lock'\
                                        """,
                                        Integer.class)
                                == 1);
    }

    /** A transaction that holds what its statement locks until it is closed, then commits. */
    private static final class Holder implements AutoCloseable {

        private final Connection connection;

        Holder(String sql) throws SQLException {
            connection = database.dataSource().getConnection();
            connection.setAutoCommit(false);
            try (Statement statement = connection.createStatement()) {
                statement.execute(sql);
            }
        }

        @Override
        public void close() throws SQLException {
            connection.commit();
            connection.close();
        }
    }
}
