package dev.lepton.registry.incident;

import static dev.lepton.registry.support.RestUnit.startOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lepton.client.unit.UnitState;
import dev.lepton.client.watch.Position;
import dev.lepton.registry.fleet.FleetView;
import dev.lepton.registry.leader.Duties;
import dev.lepton.registry.leader.TestLeadership;
import dev.lepton.registry.settings.LeaderSettings;
import dev.lepton.registry.support.FreshDatabase;
import dev.lepton.registry.support.RestUnit;
import dev.lepton.registry.support.RunningRegistry;
import dev.lepton.registry.time.PeriodicLoop;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.jdbc.core.JdbcOperations;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionCallback;
import org.springframework.transaction.support.TransactionOperations;

/** The change log is followed once, whoever leads and whatever ends in between. */
class IncidentFollowerIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final LeaderSettings LEADER =
            new LeaderSettings(Duration.ofSeconds(1), Duration.ofSeconds(6));

    @RegisterExtension static final FreshDatabase database = FreshDatabase.migrated();

    private static RunningRegistry registry;

    private final TestLeadership first = leadership();
    private final TestLeadership second = leadership();
    private final String unit = "unit-" + UUID.randomUUID();

    @BeforeAll
    static void startWithoutDutiesOfItsOwn() {
        registry =
                RunningRegistry.start(
                        database, "lepton.lease.suspect-after=5m", "lepton.lease.duration=10m");
        registry.bean("leaderLook", PeriodicLoop.class).stop();
        registry.bean("incidentFollow", PeriodicLoop.class).stop();
    }

    @AfterAll
    static void stop() {
        registry.close();
    }

    @BeforeEach
    void nobodyEverLed() {
        database.jdbc().sql("DELETE FROM leader").update();
    }

    @Test
    void nextLeaderGoesOnWhereTheLastOneEnded() {
        first.look();
        IncidentFollower before = follower(first);
        RestUnit failed = serving();
        failed.exited(1);
        follow(before);
        assertThat(steps()).containsExactly("exited");

        secondTakesOver();
        RestUnit next = failed.nextStart();
        next.register();
        next.beat();
        await().atMost(PATIENCE).until(next::state, UnitState.UP::equals);
        follow(before);
        assertThat(steps()).containsExactly("exited");
        assertThat(first.leads()).isFalse();
        follow(follower(second));

        assertThat(steps()).containsExactly("exited", "registered", "recovered");
        assertThat(endings()).containsExactly("SERVED");
    }

    @Test
    void leaderThatEndsBeforeItsCommitHasLostAndDoubledNothing() {
        first.look();
        RestUnit failed = serving();
        failed.exited(1);
        failed.nextStart().register();
        awaitSeen();

        follow(new IncidentFollower(duties(first, undone()), jdbc(), incidents(), position()));
        assertThat(steps()).isEmpty();
        follow(follower(first));
        follow(follower(first));

        assertThat(steps()).containsExactly("exited", "registered");
    }

    @Test
    void whoeverDoesNotLeadFollowsNothing() {
        first.look();
        second.look();
        serving().exited(1);

        follow(follower(second));

        assertThat(steps()).isEmpty();
    }

    @Test
    void moreChangesThanOneTransactionTakesAreAllFollowed() {
        first.look();
        RestUnit failed = serving();
        for (int i = 0; i < 120; i++) {
            RestUnit next = failed.nextStart();
            failed.exited(1);
            next.register();
            failed = next;
        }

        follow(follower(first));

        assertThat(endings()).hasSize(120);
        assertThat(steps()).hasSize(240);
        assertThat(
                        database.jdbc()
                                .sql(
                                        """
                                        SELECT p.revision = c.revision
                                        FROM incident_position p, revision_counter c\
                                        """)
                                .query(Boolean.class)
                                .single())
                .isTrue();
    }

    private RestUnit serving() {
        RestUnit up = startOf(registry, unit).up();
        await().atMost(PATIENCE).until(up::state, UnitState.UP::equals);
        return up;
    }

    private void secondTakesOver() {
        database.jdbc()
                .sql("UPDATE leader SET holder = NULL, epoch = epoch + 1, seq = seq + 1")
                .update();
        second.look();
        assertThat(first.leads()).isTrue();
        assertThat(second.leads()).isTrue();
    }

    /** After what is stored was seen: a follower asks nothing of PostgreSQL before. */
    private static void follow(IncidentFollower follower) {
        awaitSeen();
        follower.follow();
    }

    private static void awaitSeen() {
        long stored =
                database.jdbc()
                        .sql("SELECT revision FROM revision_counter")
                        .query(Long.class)
                        .single();
        await().atMost(PATIENCE)
                .until(() -> registry.bean(FleetView.class).position().revision() >= stored);
    }

    private static IncidentFollower follower(TestLeadership leadership) {
        return new IncidentFollower(
                duties(leadership, registry.bean(TransactionOperations.class)),
                jdbc(),
                incidents(),
                position());
    }

    private static Duties duties(TestLeadership leadership, TransactionOperations transactions) {
        return new Duties(leadership.itself(), transactions, registry.bean(JdbcClient.class));
    }

    /** Transactions that come to nothing, as when the process ends before the commit. */
    private static TransactionOperations undone() {
        TransactionOperations real = registry.bean(TransactionOperations.class);
        return new TransactionOperations() {
            @Override
            public <T> T execute(TransactionCallback<T> action) {
                return real.execute(status -> {
                    T result = action.doInTransaction(status);
                    status.setRollbackOnly();
                    return result;
                });
            }
        };
    }

    private static JdbcOperations jdbc() {
        return registry.bean(JdbcOperations.class);
    }

    private static FollowedIncidents incidents() {
        return new FollowedIncidents(registry.bean(JdbcClient.class));
    }

    private static Supplier<Position> position() {
        return registry.bean(FleetView.class)::position;
    }

    private TestLeadership leadership() {
        return new TestLeadership(database.jdbc(), LEADER, () -> 0);
    }

    private List<String> steps() {
        return database.jdbc()
                .sql(
                        """
                        SELECT s.event FROM incident_step s JOIN incident i ON i.id = s.incident_id
                        WHERE i.unit_id = ? ORDER BY s.revision\
                        """)
                .param(unit)
                .query(String.class)
                .list();
    }

    private List<String> endings() {
        return database.jdbc()
                .sql("SELECT coalesce(ending, 'open') FROM incident WHERE unit_id = ?")
                .param(unit)
                .query(String.class)
                .list();
    }
}
