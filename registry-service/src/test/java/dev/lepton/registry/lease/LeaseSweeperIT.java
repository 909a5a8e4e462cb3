package dev.lepton.registry.lease;

import static dev.lepton.registry.unit.UnitBuilder.aUnit;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lepton.registry.changelog.ChangeWriter;
import dev.lepton.registry.changelog.ProposedChange;
import dev.lepton.registry.fleet.FleetView;
import dev.lepton.registry.heartbeat.MarkFlusher;
import dev.lepton.registry.leader.TestLeadership;
import dev.lepton.registry.lifecycle.Phase;
import dev.lepton.registry.move.UnitMoves;
import dev.lepton.registry.settings.LeaderSettings;
import dev.lepton.registry.support.FreshDatabase;
import dev.lepton.registry.support.RunningRegistry;
import dev.lepton.registry.time.PeriodicLoop;
import dev.lepton.registry.unit.UnitRow;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.jdbc.core.JdbcOperations;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The sweeps of two replicas, one look a second by the clock of the test. */
class LeaseSweeperIT {

    private static final int LEASE_SECONDS = 6;

    /** Longer than a unit's: whoever takes over finds it silent for longer than its lease. */
    private static final int LEADER_LEASE_SECONDS = 8;

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final LeaseTerms TERMS =
            new LeaseTerms(
                    Duration.ofSeconds(3),
                    Duration.ofSeconds(LEASE_SECONDS),
                    Duration.ofSeconds(1),
                    // Also how long a sweep waits for what it writes, by the real clock.
                    Duration.ofSeconds(30),
                    Duration.ofSeconds(1),
                    Duration.ofSeconds(60),
                    Duration.ofSeconds(60),
                    Duration.ofMinutes(15),
                    Duration.ofSeconds(60),
                    Duration.ofMinutes(5),
                    Duration.ofHours(1));
    private static final LeaderSettings LEADER =
            new LeaderSettings(Duration.ofSeconds(1), Duration.ofSeconds(LEADER_LEASE_SECONDS));

    @RegisterExtension static final FreshDatabase database = FreshDatabase.migrated();

    private static RunningRegistry registry;

    private final String service = "service-" + UUID.randomUUID();
    private final AtomicLong nanos = new AtomicLong();
    private final TestLeadership first = leadership();
    private final TestLeadership second = leadership();
    private final UnitRow silent = aUnit(service + "-silent").of(service).in(Phase.SUSPECT).row();
    private final List<UnitRow> beating =
            List.of(
                    aUnit(service + "-1").of(service).in(Phase.UP).row(),
                    aUnit(service + "-2").of(service).in(Phase.UP).row());

    @BeforeAll
    static void startWithoutSweepsOfItsOwn() {
        registry = RunningRegistry.start(database, "lepton.lease.stored-within=1h");
        registry.bean("leaderLook", PeriodicLoop.class).stop();
        registry.bean("leaseSweep", PeriodicLoop.class).stop();
    }

    @AfterAll
    static void stop() {
        registry.close();
    }

    @BeforeEach
    void nobodyEverLedAndThreeUnitsAreKnown() {
        database.jdbc().sql("DELETE FROM leader").update();
        stored(silent);
        beating.forEach(LeaseSweeperIT::stored);
        await().atMost(PATIENCE).until(registry.bean(MarkFlusher.class)::stores);
    }

    @Test
    void leaderThatWasDeposedMeanwhileChangesNothingAndStops() {
        LeaseSweeper sweeper = sweeperOf(first);
        first.look();
        sweep(sweeper);
        secondsPass(LEASE_SECONDS, first, sweeper);
        anotherProcessTakesOver();
        oneSecondPasses();
        assertThat(first.leads()).isTrue();

        sweep(sweeper);

        assertThat(logged(silent)).containsExactly("registered");
        assertThat(phaseOf(silent)).isEqualTo("SUSPECT");
        assertThat(first.leads()).isFalse();
    }

    @Test
    void newLeaderGivesTheSilentOneWholeLeaseOfItsOwn() {
        LeaseSweeper sweeper = sweeperOf(second);
        first.look();
        second.look();
        sweep(sweeper);
        secondsPass(LEADER_LEASE_SECONDS, second, sweeper);
        assertThat(second.leads()).isTrue();

        secondsPass(LEASE_SECONDS, second, sweeper);
        assertThat(logged(silent)).containsExactly("registered");
        secondsPass(1, second, sweeper);

        assertThat(logged(silent)).containsExactly("registered", "lease-expired");
        assertThat(beating).allSatisfy(u -> assertThat(logged(u)).containsExactly("registered"));
    }

    @Test
    void whomSilenceTookBeforeARestartCountsThoughItIsBack() {
        anotherWasTakenAndIsBackWhenTheRegistryStarts("no beat for 6001 ms");

        assertThat(logged(silent)).containsExactly("registered", "preserving");
    }

    @Test
    void whomSomethingElseTookBeforeARestartDoesNotCount() {
        anotherWasTakenAndIsBackWhenTheRegistryStarts("node-a does not reach it: refused");

        assertThat(logged(silent)).containsExactly("registered", "lease-expired");
    }

    private void anotherWasTakenAndIsBackWhenTheRegistryStarts(String why) {
        UnitRow back = beating.getFirst();
        changed(back, Phase.UP, Phase.SUSPECT, "no beat for 3001 ms");
        changed(back, Phase.SUSPECT, Phase.DOWN_SILENT, why);
        changed(back, Phase.DOWN_SILENT, Phase.UP, "good beat 7");
        LeaseSweeper restarted = sweeperOf(first);
        first.look();
        sweep(restarted);
        secondsPass(LEASE_SECONDS + 1, first, restarted);
    }

    /** As a replica has it that starts now. */
    private LeaseSweeper sweeperOf(TestLeadership leadership) {
        FleetView fleet = registry.bean(FleetView.class);
        Silenced silenced =
                new Silenced(
                        TERMS.silenceWindow(),
                        new PastTakings(registry.bean(JdbcClient.class))::since,
                        InstantSource.system(),
                        Runnable::run);
        silenced.reloaded(fleet.position(), "the registry has started");
        return new LeaseSweeper(
                new MarkReader(registry.bean(JdbcOperations.class)),
                registry.bean(Hearsay.class),
                silenced,
                fleet,
                registry.bean(MarkFlusher.class),
                leadership.itself(),
                registry.bean(UnitMoves.class),
                TERMS,
                () -> 1,
                nanos::get);
    }

    private TestLeadership leadership() {
        return new TestLeadership(database.jdbc(), LEADER, nanos::get);
    }

    /** In each, the process looks who leads, and sweeps. */
    private void secondsPass(int seconds, TestLeadership process, LeaseSweeper sweeper) {
        for (int i = 0; i < seconds; i++) {
            oneSecondPasses();
            process.look();
            sweep(sweeper);
        }
    }

    /** One look, after a beat of those that beat, by a replica that is not blind. */
    private void sweep(LeaseSweeper sweeper) {
        beating.forEach(LeaseSweeperIT::beat);
        await().atMost(PATIENCE).until(() -> registry.bean(FleetView.class).age().toSeconds() < 2);
        sweeper.sweep();
    }

    private void oneSecondPasses() {
        nanos.addAndGet(Duration.ofSeconds(1).toNanos());
    }

    private static void anotherProcessTakesOver() {
        assertThat(
                        database.jdbc()
                                .sql(
                                        """
                                        UPDATE leader
                                        SET holder = gen_random_uuid(), epoch = epoch + 1, seq = seq + 1\
                                        """)
                                .update())
                .isEqualTo(1);
    }

    private static void stored(UnitRow unit) {
        registry.bean(ChangeWriter.class)
                .write(new ProposedChange.OfUnit(null, unit, "registered", "test", null))
                .join();
        await().atMost(PATIENCE)
                .until(() -> registry.bean(FleetView.class).unit(unit.id()) != null);
    }

    private static void changed(UnitRow first, Phase from, Phase to, String reason) {
        UnitRow before = registry.bean(FleetView.class).unit(first.id());
        UnitRow after = before.moved(to, before.since(), reason);
        registry.bean(ChangeWriter.class)
                .write(new ProposedChange.OfUnit(from, after, "test", reason, null))
                .join();
        await().atMost(PATIENCE)
                .until(() -> after.equals(registry.bean(FleetView.class).unit(after.id())));
    }

    private static void beat(UnitRow unit) {
        database.jdbc()
                .sql("UPDATE unit_mark SET seq = seq + 1 WHERE unit_id = ?")
                .param(unit.id().value())
                .update();
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
