package dev.lepton.registry.leader;

import static dev.lepton.registry.unit.UnitBuilder.NOON;
import static dev.lepton.registry.unit.UnitBuilder.aUnit;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lepton.registry.changelog.ChangeWriter;
import dev.lepton.registry.changelog.DirectConnections;
import dev.lepton.registry.changelog.LeaderGuard;
import dev.lepton.registry.changelog.ProposedChange;
import dev.lepton.registry.changelog.WriteOutcome;
import dev.lepton.registry.lifecycle.Phase;
import dev.lepton.registry.settings.LeaderSettings;
import dev.lepton.registry.support.FreshDatabase;
import dev.lepton.registry.unit.UnitRow;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class LeadershipIT {

    private static final LeaderSettings SETTINGS =
            new LeaderSettings(Duration.ofSeconds(1), Duration.ofSeconds(6));

    @RegisterExtension static final FreshDatabase database = FreshDatabase.migrated();

    private final AtomicLong nanos = new AtomicLong();
    private final Leadership first = process();
    private final Leadership second = process();

    @BeforeEach
    void nobodyEverLed() {
        database.jdbc().sql("DELETE FROM leader").update();
    }

    @Test
    void firstProcessLeadsAndTheSecondWaitsWhileItRenews() {
        for (int look = 0; look < 20; look++) {
            first.look();
            second.look();
            oneSecondPasses();
        }

        assertThat(first.guard()).isEqualTo(new LeaderGuard(Leadership.ROLE, 1));
        assertThat(second.guard()).isNull();
    }

    @Test
    void secondTakesOverWithTheNextEpochAfterOneLeaseWithoutRenewal() {
        first.look();
        for (int look = 0; look < 6; look++) {
            second.look();
            assertThat(second.guard()).isNull();
            oneSecondPasses();
        }

        second.look();

        assertThat(second.guard()).isEqualTo(new LeaderGuard(Leadership.ROLE, 2));
    }

    @Test
    void leaderThatCannotRenewStopsByItsOwnClockBeforeAnotherMayLead() {
        first.look();

        nanos.addAndGet(Duration.ofSeconds(5).toNanos());
        assertThat(first.guard()).isNotNull();
        nanos.addAndGet(1);

        assertThat(first.guard()).isNull();
    }

    @Test
    void deposedLeaderChangesNothing() throws Exception {
        first.look();
        LeaderGuard deposed = first.guard();
        deposeFirst();
        UnitRow unit = aUnit("unit-" + UUID.randomUUID()).in(Phase.SUSPECT).row();

        try (ChangeWriter writer = writer()) {
            written(writer, new ProposedChange.OfUnit(null, unit, "registered", "test", null));
            WriteOutcome outcome = written(writer, down(unit, deposed));

            assertThat(outcome).isEqualTo(new WriteOutcome.Deposed());
            assertThat(phaseOf(unit)).isEqualTo("SUSPECT");
            assertThat(logged(unit)).containsExactly("registered");
            assertThat(written(writer, down(unit, second.guard())))
                    .isInstanceOf(WriteOutcome.Written.class);
        }
        first.look();
        assertThat(first.guard()).isNull();
    }

    @Test
    void takeoverWaitsForTheWriteOfADutyAndARenewalDoesNot() throws Exception {
        first.look();
        LeaderRows rows = new LeaderRows(database.jdbc());
        try (Connection duty = database.dataSource().getConnection()) {
            duty.setAutoCommit(false);
            lockAsADutyDoes(duty);

            first.look();
            LeaderRow seen = rows.read(Leadership.ROLE);
            CompletableFuture<Boolean> takeover =
                    CompletableFuture.supplyAsync(
                            () -> rows.takeOver(Leadership.ROLE, UUID.randomUUID(), seen));

            assertThat(seen.seq()).isEqualTo(2);
            await().during(Duration.ofMillis(500)).until(() -> !takeover.isDone());
            duty.commit();
            assertThat(takeover.get(10, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void takeoverOfARowThatWasRenewedMeanwhileFails() {
        first.look();
        LeaderRows rows = new LeaderRows(database.jdbc());
        LeaderRow seen = rows.read(Leadership.ROLE);
        first.look();

        assertThat(rows.takeOver(Leadership.ROLE, UUID.randomUUID(), seen)).isFalse();
    }

    @Test
    void roleThatWasGivenBackIsTakenAtTheNextLook() {
        first.look();
        first.resign();
        second.look();

        assertThat(first.guard()).isNull();
        assertThat(second.guard()).isEqualTo(new LeaderGuard(Leadership.ROLE, 2));
    }

    private Leadership process() {
        return new Leadership(
                new LeaderRows(database.jdbc()), UUID.randomUUID(), SETTINGS, nanos::get);
    }

    private void oneSecondPasses() {
        nanos.addAndGet(Duration.ofSeconds(1).toNanos());
    }

    private void deposeFirst() {
        for (int look = 0; look <= 6; look++) {
            second.look();
            oneSecondPasses();
        }
        assertThat(second.guard()).isNotNull();
    }

    private static void lockAsADutyDoes(Connection duty) throws SQLException {
        try (var select = duty.createStatement()) {
            select.execute("SELECT FROM leader WHERE role = 'duties' AND epoch = 1 FOR KEY SHARE");
        }
    }

    private static ChangeWriter writer() {
        ChangeWriter writer =
                new ChangeWriter(
                        new DirectConnections(
                                database.url(), database.username(), database.password()),
                        InstantSource.system(),
                        List.of());
        writer.start();
        return writer;
    }

    private static ProposedChange down(UnitRow unit, @Nullable LeaderGuard guard) {
        return new ProposedChange.OfUnit(
                unit.phase(),
                unit.moved(Phase.DOWN_SILENT, NOON, "silent"),
                "lease-expired",
                "silent",
                guard);
    }

    private static WriteOutcome written(ChangeWriter writer, ProposedChange change)
            throws Exception {
        return writer.write(change).get(10, TimeUnit.SECONDS);
    }

    private static String phaseOf(UnitRow unit) {
        return database.jdbc()
                .sql("SELECT phase FROM unit WHERE id = ?")
                .param(unit.id().value())
                .query(String.class)
                .single();
    }

    private static List<String> logged(UnitRow unit) {
        return database.logged(unit.id().value());
    }
}
