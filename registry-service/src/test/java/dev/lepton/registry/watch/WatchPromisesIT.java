package dev.lepton.registry.watch;

import static dev.lepton.registry.changelog.TestUnits.NOON;
import static dev.lepton.registry.changelog.TestUnits.aUnit;
import static dev.lepton.registry.changelog.TestUnits.desired;
import static dev.lepton.registry.changelog.TestUnits.guardedMove;
import static dev.lepton.registry.changelog.TestUnits.registration;
import static dev.lepton.registry.changelog.TestUnits.wish;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lepton.client.watch.Change;
import dev.lepton.registry.changelog.ChangeLog;
import dev.lepton.registry.changelog.ChangeWriter;
import dev.lepton.registry.changelog.LeaderGuard;
import dev.lepton.registry.changelog.LoggedChange;
import dev.lepton.registry.changelog.ProposedChange;
import dev.lepton.registry.changelog.TestDatabase;
import dev.lepton.registry.changelog.WriteOutcome;
import dev.lepton.registry.changelog.WriteOutcome.Written;
import dev.lepton.registry.lifecycle.Phase;
import dev.lepton.registry.unit.UnitRow;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.springframework.dao.DataAccessException;

/**
 * Eight writers, each with a connection of its own, change one fleet that two replicas show, with
 * changes that lose and changes that are rolled back, while clients follow, hang up and come back.
 */
class WatchPromisesIT {

    private static final int WRITERS = 8;
    private static final int WATCHERS = 6;
    private static final int CHANGES = 4000;
    private static final Duration DISORDER = Duration.ofSeconds(3);
    private static final Duration LONGEST = Duration.ofSeconds(90);

    private final long seed = Long.getLong("lepton.seed", new Random().nextLong());
    private final AtomicInteger stored = new AtomicInteger();
    private final AtomicInteger lost = new AtomicInteger();
    private final AtomicInteger rolledBack = new AtomicInteger();

    @Test
    void everyPromiseIsKeptForFourThousandChangesOfEightWriters() throws Exception {
        TestDatabase database = TestDatabase.create();
        try (Replica one = Replica.on(database);
                Replica two = Replica.on(database)) {
            List<WatchFollower> followers = followers(List.of(one, two));
            List<Thread> following = started(followers);

            write(List.of(one, two), database, CHANGES, LONGEST);
            long last = revision(database);
            followers.forEach(f -> f.finishAt(last));
            for (Thread thread : following) {
                thread.join(Duration.ofSeconds(60));
            }

            List<Session> sessions =
                    followers.stream().flatMap(f -> f.sessions().stream()).toList();
            report(last, sessions);
            assertThat(followers).allSatisfy(f -> assertThat(f.reached()).isEqualTo(last));
            assertThat(followers).allSatisfy(f -> assertThat(f.refusals()).isEmpty());
            assertThat(WatchValidators.violations(sessions, log(database))).isEmpty();
            assertThat(last).isEqualTo(stored.get()).isGreaterThanOrEqualTo(CHANGES);
            assertThat(lost.get()).isPositive();
            assertThat(rolledBack.get()).isPositive();
            assertThat(sessions).hasSizeGreaterThan(3 * WATCHERS);
        }
    }

    /** The validators above are able to fail: with a sequence for the counter they do. */
    @Test
    void sequenceInsteadOfTheCounterRowLosesChanges() throws Exception {
        TestDatabase database = TestDatabase.create();
        replaceTheCounterByASequence(database);
        try (Replica one = Replica.on(database);
                Replica two = Replica.on(database)) {
            List<WatchFollower> followers = followers(List.of(one, two));
            List<Thread> following = started(followers);

            // Replicas that miss a change never learn of the unit again: not every run gets far.
            write(List.of(one, two), database, CHANGES, DISORDER);
            long last = revision(database);
            followers.forEach(f -> f.finishAt(last));
            for (Thread thread : following) {
                thread.join(Duration.ofMillis(300));
            }
            followers.forEach(WatchFollower::stop);
            for (Thread thread : following) {
                thread.join(Duration.ofSeconds(10));
            }

            List<Session> sessions =
                    followers.stream().flatMap(f -> f.sessions().stream()).toList();
            report(last, sessions);
            Map<String, List<String>> broken = WatchValidators.violations(sessions, log(database));
            broken.forEach((name, all) -> System.out.println(name + " broken " + all.size() + "×"));
            assertThat(broken).containsKeys("log gap-free", "reliable");
        }
    }

    /**
     * What stands for the row hands out its numbers outside of transactions, like a sequence, and
     * is not locked until the commit.
     */
    private static void replaceTheCounterByASequence(TestDatabase database) {
        database.jdbc()
                .execute(
                        """
                        DROP TABLE revision_counter;
                        CREATE SEQUENCE revisions MINVALUE 0 START 0;
                        SELECT nextval('revisions');
                        CREATE FUNCTION last_revision() RETURNS bigint LANGUAGE sql AS
                            'SELECT last_value FROM revisions';
                        CREATE VIEW revision_counter AS SELECT last_revision() AS revision;
                        CREATE FUNCTION take_revisions() RETURNS trigger LANGUAGE plpgsql AS $$
                        DECLARE taken bigint := NEW.revision - OLD.revision;
                        BEGIN
                            PERFORM pg_advisory_lock(1);
                            NEW.revision := last_revision() + taken;
                            PERFORM setval('revisions', NEW.revision);
                            PERFORM pg_advisory_unlock(1);
                            PERFORM pg_sleep(random() * 0.01);
                            RETURN NEW;
                        END $$;
                        CREATE TRIGGER take_revisions INSTEAD OF UPDATE ON revision_counter
                            FOR EACH ROW EXECUTE FUNCTION take_revisions()\
                        """);
    }

    private List<WatchFollower> followers(List<Replica> replicas) {
        System.out.println("seed " + seed);
        return IntStream.range(0, WATCHERS)
                .mapToObj(i -> new WatchFollower("watcher-" + i, replicas, seed + i))
                .toList();
    }

    private static List<Thread> started(List<WatchFollower> followers) {
        return followers.stream().map(f -> Thread.ofVirtual().start(f)).toList();
    }

    private void write(List<Replica> replicas, TestDatabase database, int changes, Duration longest)
            throws InterruptedException {
        long end = System.nanoTime() + longest.toNanos();
        database.jdbc()
                .update(
                        "INSERT INTO leader (role, holder, epoch, seq) VALUES ('sweep', gen_random_uuid(), 5, 1)");
        // What no two replicas see alike: a commit that fails at its end rolls everything back.
        database.jdbc()
                .execute(
                        """
                        CREATE FUNCTION fail_at_commit() RETURNS trigger LANGUAGE plpgsql AS $$
                        BEGIN RAISE EXCEPTION 'refused' USING ERRCODE = '23514'; END $$;
                        CREATE CONSTRAINT TRIGGER fail_at_commit AFTER INSERT ON change_log
                            DEFERRABLE INITIALLY DEFERRED
                            FOR EACH ROW WHEN (NEW.reason = 'to be rolled back')
                            EXECUTE FUNCTION fail_at_commit()\
                        """);
        List<ChangeWriter> writers = new ArrayList<>();
        List<Thread> threads = new ArrayList<>();
        for (int w = 0; w < WRITERS; w++) {
            Replica replica = replicas.get(w % replicas.size());
            ChangeWriter writer = replica.anotherWriter();
            writers.add(writer);
            writer.start();
            threads.add(
                    Thread.ofVirtual().start(new FleetWriter(w, writer, replica, changes, end)));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        writers.forEach(ChangeWriter::close);
    }

    /** Registers, moves, forgets and wishes, on units that all writers share. */
    private final class FleetWriter implements Runnable {

        private final Random random;
        private final ChangeWriter writer;
        private final Replica replica;
        private final int changes;
        private final long end;

        FleetWriter(int number, ChangeWriter writer, Replica replica, int changes, long end) {
            this.end = end;
            this.random = new Random(seed * 31 + number);
            this.writer = writer;
            this.replica = replica;
            this.changes = changes;
        }

        @Override
        public void run() {
            while (stored.get() < changes && System.nanoTime() < end) {
                List<CompletableFuture<WriteOutcome>> futures =
                        IntStream.rangeClosed(0, random.nextInt(4))
                                .mapToObj(i -> writer.write(proposal()))
                                .toList();
                futures.forEach(this::count);
            }
        }

        private ProposedChange proposal() {
            String id = "unit-" + random.nextInt(40);
            UnitRow known = replica.fleet().unit(aUnit(id).id());
            int dice = random.nextInt(100);
            if (dice < 10) {
                var wanted = replica.fleet().desired(aUnit(id).id());
                return wish(desired(id, wanted == null ? 1 : wanted.generation() + 1));
            }
            if (known == null) {
                return registration(aUnit(dice < 50 ? id : id + "-" + random.nextLong()));
            }
            if (dice < 20) {
                return guardedMove(known, known.moved(Phase.UP, NOON, "to be rolled back"), null);
            }
            if (dice < 25) {
                return guardedMove(
                        known, known.moved(Phase.UP, NOON, "deposed"), new LeaderGuard("sweep", 4));
            }
            if (dice < 28) {
                return guardedMove(known, known.forgotten(NOON, "forgotten"), null);
            }
            return guardedMove(
                    known,
                    known.moved(
                            known.phase() == Phase.UP ? Phase.SUSPECT : Phase.UP,
                            NOON,
                            "moved by dice " + dice),
                    dice < 60 ? new LeaderGuard("sweep", 5) : null);
        }

        private void count(CompletableFuture<WriteOutcome> future) {
            try {
                if (future.join() instanceof Written) {
                    stored.incrementAndGet();
                } else {
                    lost.incrementAndGet();
                }
            } catch (CompletionException e) {
                assertThat(e).hasCauseInstanceOf(DataAccessException.class);
                rolledBack.incrementAndGet();
            }
        }
    }

    private void report(long last, List<Session> sessions) {
        System.out.printf(
                "%d changes stored, %d lost their race, %d rolled back; %d sessions saw %d changes to %d%n",
                stored.get(),
                lost.get(),
                rolledBack.get(),
                sessions.size(),
                sessions.stream().mapToInt(s -> s.changes().size()).sum(),
                last);
    }

    private static long revision(TestDatabase database) throws Exception {
        try (Connection connection = database.dataSource().getConnection()) {
            return ChangeLog.revision(connection);
        }
    }

    private static List<Change> log(TestDatabase database) throws Exception {
        try (Connection connection = database.dataSource().getConnection()) {
            return ChangeLog.after(connection, 0, Integer.MAX_VALUE).stream()
                    .map(LoggedChange::view)
                    .toList();
        }
    }
}
