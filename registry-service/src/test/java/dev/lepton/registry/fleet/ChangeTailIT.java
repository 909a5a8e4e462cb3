package dev.lepton.registry.fleet;

import static dev.lepton.registry.changelog.TestUnits.NOON;
import static dev.lepton.registry.changelog.TestUnits.aUnit;
import static dev.lepton.registry.changelog.TestUnits.desired;
import static dev.lepton.registry.changelog.TestUnits.move;
import static dev.lepton.registry.changelog.TestUnits.registration;
import static dev.lepton.registry.changelog.TestUnits.wish;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lepton.client.unit.UnitId;
import dev.lepton.client.watch.Position;
import dev.lepton.registry.changelog.ChangeNotifier;
import dev.lepton.registry.changelog.ChangeWriter;
import dev.lepton.registry.changelog.LoggedChange;
import dev.lepton.registry.changelog.ProposedChange;
import dev.lepton.registry.changelog.TestDatabase;
import dev.lepton.registry.changelog.WriteOutcome.Written;
import dev.lepton.registry.lifecycle.Phase;
import dev.lepton.registry.postgres.Homes;
import dev.lepton.registry.postgres.PostgresAccess;
import dev.lepton.registry.postgres.PostgresServer;
import dev.lepton.registry.unit.UnitRow;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChangeTailIT {

    private final List<AutoCloseable> opened = new ArrayList<>();
    private final TestDatabase database = TestDatabase.create();

    /** Another replica's writer: what it commits is known here from PostgreSQL alone. */
    private final ChangeWriter elsewhere = writerThatNotifies(database);

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable one : opened.reversed()) {
            one.close();
        }
    }

    @Test
    void fleetIsLoadedAsItIsStored() throws Exception {
        UnitRow kept = aUnit("kept");
        UnitRow hidden = aUnit("hidden");
        store(registration(kept));
        store(registration(hidden));
        store(move(kept, kept.moved(Phase.UP, NOON, "good beat")));
        store(move(hidden, hidden.forgotten(NOON, "forgotten")));
        store(wish(desired("kept", 1)));

        FleetView fleet = startedTail(database).fleet();

        assertThat(fleet.units()).extracting(UnitRow::id).containsExactly(new UnitId("kept"));
        assertThat(fleet.unit(new UnitId("kept")).phase()).isEqualTo(Phase.UP);
        assertThat(fleet.allDesired()).containsExactly(desired("kept", 1));
        assertThat(fleet.position().revision()).isEqualTo(5);
        assertThat(fleet.position().clusterId())
                .isEqualTo(
                        database.jdbc().queryForObject("SELECT id::text FROM cluster", String.class)
                                + ".1");
        assertThat(fleet.age()).isLessThan(Duration.ofSeconds(10));
    }

    @Test
    void changesAreAppliedAndForgottenUnitsLeave() throws Exception {
        FleetView fleet = startedTail(database).fleet();
        UnitRow unit = aUnit("worker-1");

        store(registration(unit));
        await().until(() -> unit.equals(fleet.unit(unit.id())));
        long last = store(move(unit, unit.forgotten(NOON, "forgotten")));

        await().until(() -> fleet.position().revision() == last);
        assertThat(fleet.unit(unit.id())).isNull();
        assertThat(fleet.picture().units()).isEmpty();
    }

    @Test
    void notificationIsFasterThanThePoll() throws Exception {
        ChangeTail tail = startedTail(database);
        ChangeListener listener = new ChangeListener(database.connections(), tail);
        opened.add(listener);
        listener.start();
        await().until(() -> connections("lepton change listener") == 1);

        // By the poll alone each of these would wait for the rest of a second.
        long begin = System.nanoTime();
        for (int i = 0; i < 10; i++) {
            long revision = store(registration(aUnit("worker-" + i)));
            await().pollInterval(Duration.ofMillis(2))
                    .until(() -> tail.fleet().position().revision() >= revision);
        }

        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(5));
    }

    @Test
    void killedListenerCostsNoMoreThanThePoll() throws Exception {
        ChangeTail tail = startedTail(database);
        ChangeListener listener = new ChangeListener(database.connections(), tail);
        opened.add(listener);
        listener.start();
        await().until(() -> connections("lepton change listener") == 1);

        assertThat(database.terminate("lepton change listener")).isEqualTo(1);
        long revision = store(registration(aUnit("worker-1")));
        long begin = System.nanoTime();
        await().pollInterval(Duration.ofMillis(2))
                .until(() -> tail.fleet().position().revision() >= revision);

        Duration cost = Duration.ofNanos(System.nanoTime() - begin);
        System.out.println("a killed LISTEN connection cost " + cost.toMillis() + " ms");
        assertThat(cost)
                .isLessThan(Duration.ofSeconds(Boolean.getBoolean("lepton.endurance") ? 1 : 3));
        await().until(() -> connections("lepton change listener") == 1);
    }

    @Test
    void connectionOfTheTailIsReplacedWithoutAReload() throws Exception {
        ChangeTail tail = startedTail(database);
        Recorder recorder = subscribed(tail);
        store(registration(aUnit("worker-1")));

        assertThat(database.terminate("lepton change tail")).isEqualTo(1);
        long last = store(registration(aUnit("worker-2")));

        await().until(() -> recorder.revisions().contains(last));
        assertThat(recorder.revisions()).containsExactly(1L, 2L);
        assertThat(recorder.reloads).hasSize(1);
    }

    @Test
    void holeInTheLogIsNotPassedOverButLoadedAnew() throws Exception {
        ChangeTail tail = startedTail(database);
        Recorder recorder = subscribed(tail);
        store(registration(aUnit("worker-1")));
        await().until(() -> recorder.revisions().contains(1L));

        database.jdbc().update("UPDATE revision_counter SET revision = revision + 1");
        long last = store(registration(aUnit("worker-2")));

        await().until(() -> tail.fleet().position().revision() == last);
        assertThat(recorder.reloads).hasSizeGreaterThanOrEqualTo(2);
        assertThat(recorder.revisions()).doesNotContain(last);
        assertThat(tail.fleet().unit(new UnitId("worker-2"))).isNotNull();
    }

    @Test
    void otherDatabaseBehindTheSameAddressIsAnotherCluster() throws Exception {
        ChangeTail tail = startedTail(database);
        Recorder recorder = subscribed(tail);
        String before = tail.fleet().position().clusterId();

        database.jdbc().update("UPDATE cluster SET id = gen_random_uuid()");
        database.terminate("lepton change tail");

        await().until(() -> !tail.fleet().position().clusterId().equals(before));
        await().until(() -> recorder.reloads.size() == 2);
        assertThat(recorder.reloads.getLast().clusterId()).isNotEqualTo(before).endsWith(".1");
    }

    @Test
    void subscriberThatFailsDoesNotKeepTheOthersFromTheirChanges() throws Exception {
        ChangeTail tail = startedTail(database);
        tail.subscribe(
                new FleetSubscriber() {
                    @Override
                    public void changed(String clusterId, List<LoggedChange> changes) {
                        throw new IllegalStateException("broken");
                    }

                    @Override
                    public void reloaded(Position position, String reason) {
                        throw new IllegalStateException("broken");
                    }
                });
        Recorder recorder = subscribed(tail);

        store(registration(aUnit("worker-1")));
        store(registration(aUnit("worker-2")));

        await().until(() -> recorder.revisions().equals(List.of(1L, 2L)));
    }

    @Test
    void fleetStaysReadableWhilePostgresIsAwayAndFollowsAgainAfterwards(@TempDir Path folder)
            throws Exception {
        Path home = Homes.usedIn(folder);
        PostgresServer first = PostgresServer.start(home, System::nanoTime);
        PostgresAccess access = first.access();
        TestDatabase own = TestDatabase.at(access.url(), access.username(), access.password());
        ChangeWriter writer = writerThatNotifies(own);
        ChangeTail tail = startedTail(own);
        Recorder recorder = subscribed(tail);
        writer.write(registration(aUnit("before"))).join();
        await().until(() -> recorder.revisions().equals(List.of(1L)));

        first.close();
        await().until(() -> tail.fleet().age().compareTo(Duration.ofMillis(1500)) > 0);
        assertThat(tail.fleet().unit(new UnitId("before"))).isNotNull();
        assertThat(writer.write(registration(aUnit("lost")))).failsWithin(Duration.ofSeconds(10));

        opened.addFirst(PostgresServer.start(home, System::nanoTime));
        await().atMost(Duration.ofSeconds(30))
                .ignoreExceptions()
                .until(() -> writer.write(registration(aUnit("after"))).join() instanceof Written);
        await().until(() -> recorder.revisions().equals(List.of(1L, 2L)));
        assertThat(tail.fleet().age()).isLessThan(Duration.ofSeconds(3));
        assertThat(recorder.reloads).hasSize(1);
    }

    private ChangeWriter writerThatNotifies(TestDatabase where) {
        ChangeNotifier notifier = new ChangeNotifier(where.dataSource());
        opened.add(notifier);
        ChangeWriter writer =
                new ChangeWriter(where.connections(), InstantSource.fixed(NOON), List.of(notifier));
        opened.add(writer);
        writer.start();
        return writer;
    }

    private ChangeTail startedTail(TestDatabase where) throws Exception {
        ChangeTail tail = new ChangeTail(where.connections(), System::nanoTime);
        opened.add(tail);
        tail.start();
        return tail;
    }

    private static Recorder subscribed(ChangeTail tail) {
        Recorder recorder = new Recorder();
        tail.subscribe(recorder);
        await().until(() -> !recorder.reloads.isEmpty());
        return recorder;
    }

    private long store(ProposedChange change) {
        return ((Written) elsewhere.write(change).join()).revision();
    }

    private int connections(String application) {
        return database.jdbc()
                .queryForObject(
                        """
                        SELECT count(*) FROM pg_stat_activity
                        WHERE application_name = ? AND datname = current_database()\
                        """,
                        Integer.class,
                        application);
    }

    /** Writes down what it is told. */
    private static final class Recorder implements FleetSubscriber {

        private final List<Position> reloads = new CopyOnWriteArrayList<>();
        private final List<Long> changes = new CopyOnWriteArrayList<>();

        @Override
        public void changed(String clusterId, List<LoggedChange> logged) {
            logged.forEach(c -> changes.add(c.revision()));
        }

        @Override
        public void reloaded(Position position, String reason) {
            reloads.add(position);
        }

        List<Long> revisions() {
            return List.copyOf(changes);
        }
    }
}
