package dev.lepton.registry.replica;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lepton.client.heartbeat.Heartbeat;
import dev.lepton.client.rest.RegistryClient;
import dev.lepton.client.unit.ServiceName;
import dev.lepton.client.unit.StartId;
import dev.lepton.client.unit.UnitId;
import dev.lepton.registry.changelog.EpochNotes;
import dev.lepton.registry.support.FreshDatabase;
import dev.lepton.registry.support.Required;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Replicas as processes, under faults, one after the other. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class RegistryReplicasIT {

    private static final boolean ENDURANCE = Boolean.getBoolean("lepton.endurance");
    private static final boolean LONG = ENDURANCE || Boolean.getBoolean("lepton.full");

    /** Each start takes a machine of two cores some seconds. */
    private static final int SIZE = LONG ? 3 : 2;

    /** The stated pace, or one at which the ordinary build can wait. */
    private static final Ensemble.Pace PACE =
            ENDURANCE
                    ? new Ensemble.Pace(
                            Duration.ofSeconds(1),
                            Duration.ofMillis(300),
                            Duration.ofMillis(250),
                            Duration.ofSeconds(3),
                            Duration.ofSeconds(6))
                    : new Ensemble.Pace(
                            Duration.ofMillis(400),
                            Duration.ofMillis(150),
                            Duration.ofMillis(100),
                            Duration.ofMillis(1_500),
                            Duration.ofSeconds(3));

    /** What a flush, a look and a write may take beyond the lease. */
    private static final Duration SLACK = Duration.ofSeconds(1);

    /**
     * After which a replica that stores nothing is taken for gone, 'lepton.lease.stored-within'.
     */
    private static final Duration GONE = Duration.ofSeconds(1);

    /** How often a replica reads the log that nobody tells anything. */
    private static final Duration POLL = Duration.ofSeconds(1);

    /** The next beat comes after one interval, goes elsewhere within one, and is flushed. */
    private static final Duration MOVE = PACE.beat().multipliedBy(2).plus(PACE.flush());

    /** How long a freeze or a cut lasts at least. */
    private static final Duration FAULT = ENDURANCE ? Duration.ofSeconds(60) : Duration.ZERO;

    private static final int FACTOR = ENDURANCE ? 1 : 3;

    @RegisterExtension static final FreshDatabase database = FreshDatabase.migrated();

    @TempDir static Path home;

    private static Ensemble ensemble;
    private static Kept kept;
    private static @Nullable ReplicaProcess restarted;

    private final long before = ensemble.revision();

    @BeforeAll
    static void start() throws IOException {
        EpochNotes epochs = new EpochNotes(database.jdbc());
        epochs.begin();
        ensemble = new Ensemble(database, home, SIZE, PACE, System::nanoTime);
        kept = new Kept(database, epochs, ensemble);
        long begun = ensemble.now();
        ensemble.start();
        System.out.printf(
                "%d replicas: started in %d ms%n", SIZE, ensemble.since(begun).toMillis());
    }

    @AfterAll
    static void stop() throws IOException {
        ensemble.close();
    }

    @BeforeEach
    void spread() throws IOException {
        ensemble.spread();
    }

    @Test
    @Order(1)
    void withoutAFaultOnlyTheSilentUnitLeavesAndItDoesAfterItsLease() throws Exception {
        long epoch = ensemble.epoch();

        BeatingUnit silent = ensemble.silence();

        down("control", silent, PACE.lease().plus(SLACK));
        assertThat(ensemble.epoch()).isEqualTo(epoch);
        kept.holds(before);
        movedOn("control");
    }

    @Test
    @Order(2)
    void killedLeaderIsSucceededWithinTheLeaseAndASecond() throws Exception {
        long epoch = ensemble.epoch();
        ReplicaProcess leader = ensemble.leader();
        BeatingUnit silent = ensemble.silence();

        UUID id = ensemble.idOf(leader);
        long killed = ensemble.now();
        leader.kill();
        left("kill -9 of the leader", id, killed, MOVE);
        Duration handOver = ensemble.handOverFrom(epoch, killed);
        leader.start();
        restarted = leader;

        within("kill -9 of the leader: hand-over", handOver, PACE.lease().plus(SLACK));
        down("kill -9 of the leader", silent, afterHandOver(handOver));
        ensemble.awaitAll();
        kept.holds(before);
        movedOn("kill -9 of the leader");
    }

    /** In the ordinary build the one that was killed just now is not restarted once more. */
    @Test
    @Order(3)
    void rollingRestartSuspectsNobodyAndLosesNoRevision() throws Exception {
        long begun = ensemble.now();
        for (ReplicaProcess replica : ensemble.replicas()) {
            if (!LONG && replica.equals(restarted)) {
                continue;
            }
            replica.stop();
            replica.start();
            ensemble.awaitAll();
        }

        System.out.printf("rolling restart: %d ms%n", ensemble.since(begun).toMillis());
        kept.holds(before);
        movedOn("rolling restart");
    }

    @Test
    @Order(4)
    void killedReplicaIsLeftWithinOneBeat() throws Exception {
        takesItsTime();
        ReplicaProcess replica = ensemble.follower();
        BeatingUnit silent = ensemble.silence();

        UUID id = ensemble.idOf(replica);
        long killed = ensemble.now();
        replica.kill();
        left("kill -9 of another", id, killed, MOVE);
        down("kill -9 of another", silent, PACE.lease().plus(GONE).plus(SLACK));

        replica.start();
        ensemble.awaitAll();
        kept.holds(before);
        movedOn("kill -9 of another");
    }

    @Test
    @Order(5)
    void frozenLeaderIsSucceededAndChangesNothingWhenItGoesOn() throws Exception {
        takesItsTime();
        ReplicaProcess leader = ensemble.leader();

        succeeds("SIGSTOP of the leader", leader::freeze, leader::thaw);
    }

    @Test
    @Order(6)
    void frozenReplicaIsLeftWithinOneBeat() throws Exception {
        takesItsTime();
        ReplicaProcess replica = ensemble.follower();

        loses("SIGSTOP of another", replica, MOVE, replica::freeze, replica::thaw);
        movedOn("SIGSTOP of another");
    }

    @Test
    @Order(7)
    void replicaThatIsCutOffFromPostgresIsLeftAndSilenceBehindItCountsOnceItIsGone()
            throws Exception {
        takesItsTime();
        String what = "another without PostgreSQL";
        ReplicaProcess replica = ensemble.follower();
        UUID id = ensemble.idOf(replica);
        BeatingUnit silent = ensemble.silenceBehind(id);

        long begun = ensemble.now();
        replica.toPostgres().hold();
        left(what, id, begun, MOVE.plus(GONE));
        down(what, silent, PACE.beat().plus(GONE).plus(PACE.lease()).plus(SLACK));
        assertThat(ensemble.since(begun))
                .as(what + ": its units had the lease to move, once it was gone")
                .isGreaterThan(GONE.plus(PACE.lease()).minus(PACE.flush().multipliedBy(2)));
        ensemble.lasted(begun, FAULT);
        replica.toPostgres().release();

        ensemble.awaitAll();
        kept.holds(before);
    }

    @Test
    @Order(8)
    void leaderThatIsCutOffFromPostgresIsSucceeded() throws Exception {
        takesItsTime();
        Relay toPostgres = ensemble.leader().toPostgres();

        succeeds("the leader without PostgreSQL", toPostgres::hold, toPostgres::release);
    }

    @Test
    @Order(9)
    void replicaThatIsCutOffFromItsClientsIsLeftWithinOneBeat() throws Exception {
        takesItsTime();
        ReplicaProcess replica = ensemble.leader();
        Relay fromClients = replica.fromClients();

        loses("the leader without clients", replica, MOVE, fromClients::hold, fromClients::release);
        movedOn("the leader without clients");
    }

    @Test
    @Order(10)
    void leaderThatIsCutOffFromBothIsSucceeded() throws Exception {
        takesItsTime();
        ReplicaProcess leader = ensemble.leader();

        succeeds(
                "the leader without both",
                () -> {
                    leader.toPostgres().hold();
                    leader.fromClients().hold();
                },
                () -> {
                    leader.toPostgres().release();
                    leader.fromClients().release();
                });
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT10M", "PT-10M"})
    @Order(11)
    void clockThatJumpsEvictsNobodyAndKeepsTheLeader(Duration jump) throws Exception {
        takesItsTime();
        long epoch = ensemble.epoch();
        ReplicaProcess leader = ensemble.leader();
        BeatingUnit silent = ensemble.silence();

        leader.setClock(jump);
        down("the leader's clock jumps by " + jump, silent, PACE.lease().plus(SLACK));
        leader.setClock(Duration.ZERO);

        assertThat(ensemble.epoch()).isEqualTo(epoch);
        kept.holds(before);
        movedOn("the leader's clock jumps by " + jump);
    }

    /** The write is on its way when the leader freezes, and arrives when another leads. */
    @Test
    @Order(12)
    void writeOfADeposedLeaderThatArrivesLateChangesNothing() throws Exception {
        takesItsTime();
        long epoch = ensemble.epoch();
        ReplicaProcess leader = ensemble.leader();
        ensemble.writeAt(leader);
        leader.toPostgres().hold("lepton change writer");
        BeatingUnit unit = ensemble.silence();
        ensemble.awaitHeld(leader.toPostgres());

        leader.freeze();
        unit.beatAgain();
        within(
                "a late write: hand-over",
                ensemble.handOverFrom(epoch, ensemble.now()),
                PACE.lease().plus(SLACK));
        leader.toPostgres().release();
        leader.thaw();

        ensemble.awaitAll();
        kept.holds(before);
        ensemble.units().forEach(BeatingUnit::measureAnew);
    }

    @Test
    @Order(13)
    void lostNotificationsCostNoMoreThanThePoll() throws Exception {
        takesItsTime();
        ReplicaProcess replica = ensemble.follower();

        replica.toPostgres().hold("lepton change listener");
        ensemble.writeAt(ensemble.leader());
        within("without notifications: known", ensemble.known(replica), POLL.plusMillis(250));
        replica.toPostgres().release();

        kept.holds(before);
    }

    @Test
    @Order(14)
    void replicaWhoseViewLagsRefusesNobody() throws Exception {
        takesItsTime();
        ReplicaProcess replica = ensemble.follower();
        UnitId newcomer = new UnitId("newcomer");
        StartId start = StartId.random();
        Heartbeat beat = new Heartbeat(start, 1, null, 0, 0, null);

        replica.toPostgres().hold("lepton change tail");
        try (RegistryClient leader = ensemble.clientOf(ensemble.leader());
                RegistryClient lagging = ensemble.clientOf(replica)) {
            leader.register(BeatingUnit.registration(newcomer, start, "new"));

            assertThat(lagging.service(new ServiceName("new")).units()).hasSize(1);
            assertThat(lagging.beat(newcomer, beat, Duration.ofSeconds(5)).incarnation())
                    .isEqualTo(1);
            lagging.deregister(newcomer, start);
        }
        replica.toPostgres().release();

        ensemble.awaitAll();
        kept.holds(before);
    }

    /** For longer than the lease, so that another leads when the fault is over. */
    private void succeeds(String what, Runnable fault, Runnable end) throws Exception {
        long epoch = ensemble.epoch();
        BeatingUnit silent = ensemble.silence();

        long begun = ensemble.now();
        fault.run();
        Duration handOver = ensemble.handOverFrom(epoch, begun);
        within(what + ": hand-over", handOver, PACE.lease().plus(SLACK));
        down(what, silent, afterHandOver(handOver));
        ensemble.lasted(begun, FAULT);
        end.run();

        ensemble.awaitAll();
        kept.holds(before);
        assertThat(ensemble.epoch()).as("epoch after the fault").isEqualTo(epoch + 1);
        ensemble.units().forEach(BeatingUnit::measureAnew);
    }

    /** The leader stays, and nobody but the unit that is silent leaves. */
    private void loses(
            String what, ReplicaProcess replica, Duration move, Runnable fault, Runnable end)
            throws Exception {
        long epoch = ensemble.epoch();
        UUID id = ensemble.idOf(replica);
        BeatingUnit silent = ensemble.silence();

        long begun = ensemble.now();
        fault.run();
        left(what, id, begun, move);
        down(what, silent, PACE.lease().plus(GONE).plus(SLACK));
        ensemble.lasted(begun, FAULT);
        end.run();

        ensemble.awaitAll();
        kept.holds(before);
        assertThat(ensemble.epoch()).as("epoch after the fault").isEqualTo(epoch);
    }

    private static void takesItsTime() {
        Required.that(
                LONG, "takes a minute with the others: runs with -Pfull and with -Pendurance");
    }

    private static void down(String what, BeatingUnit silent, Duration bound) {
        Duration down = ensemble.downAfterLastBeat(silent);
        assertThat(down).as(what + ": no earlier than the lease").isGreaterThan(PACE.lease());
        within(what + ": silent unit down", down, bound);
    }

    /**
     * From the last beat, one interval before the fault at most, until a new leader has let the
     * whole lease pass behind a replica that is gone.
     */
    private static Duration afterHandOver(Duration handOver) {
        return PACE.beat().plus(handOver).plus(GONE).plus(PACE.lease()).plus(SLACK);
    }

    private static void left(String what, UUID replica, long since, Duration bound) {
        within(what + ": all units stored elsewhere", ensemble.leftSince(since, replica), bound);
    }

    /** The beat that met the fault was stored elsewhere before the next one was due. */
    private static void movedOn(String what) {
        System.out.printf(
                "%s: longest gap between stored beats %d ms%n",
                what, ensemble.longestGap().toMillis());
        within(what + ": slowest beat", ensemble.slowestBeat(), PACE.beat());
        ensemble.units().forEach(BeatingUnit::measureAnew);
    }

    private static void within(String what, Duration measured, Duration bound) {
        System.out.printf("%s: %d ms (bound %d ms)%n", what, measured.toMillis(), bound.toMillis());
        assertThat(measured).as(what).isLessThanOrEqualTo(bound.multipliedBy(FACTOR));
    }
}
