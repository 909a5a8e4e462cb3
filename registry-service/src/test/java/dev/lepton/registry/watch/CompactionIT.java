package dev.lepton.registry.watch;

import static dev.lepton.registry.changelog.TestUnits.NOON;
import static dev.lepton.registry.changelog.TestUnits.aUnit;
import static dev.lepton.registry.changelog.TestUnits.move;
import static dev.lepton.registry.changelog.TestUnits.registration;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lepton.client.watch.Change;
import dev.lepton.client.watch.Position;
import dev.lepton.registry.changelog.ChangeLog;
import dev.lepton.registry.changelog.ChangeWriter;
import dev.lepton.registry.changelog.LoggedChange;
import dev.lepton.registry.changelog.ProposedChange;
import dev.lepton.registry.changelog.TestDatabase;
import dev.lepton.registry.changelog.WriteOutcome;
import dev.lepton.registry.changelog.WriteOutcome.Written;
import dev.lepton.registry.lifecycle.Phase;
import dev.lepton.registry.retention.TestCompaction;
import dev.lepton.registry.unit.UnitRow;
import dev.lepton.registry.watch.Session.SeenGone;
import dev.lepton.registry.watch.Session.SeenList;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The log is compacted while it is written and followed. */
class CompactionIT {

    private static final int WRITERS = 4;
    private static final int WATCHERS = 4;
    private static final int CHANGES = 2500;
    private static final int KEPT = 400;

    /** More than the buffers between a replica and a client hold. */
    private static final int LARGE = 1000;

    private static final Duration FOREVER = Duration.ofDays(3650);

    private final long seed = Long.getLong("lepton.seed", new Random().nextLong());
    private final AtomicLong stored = new AtomicLong();
    private final AtomicLong longestNanos = new AtomicLong();

    @Test
    @Timeout(120)
    void writersGoOnAndWhoeverIsAboveTheFloorMissesNothing() throws Exception {
        System.out.println("seed " + seed);
        TestDatabase database = TestDatabase.create();
        keepACopyOfWhatIsLogged(database);
        TestCompaction compaction = compaction(database);
        try (Replica one = Replica.on(database);
                Replica two = Replica.on(database)) {
            List<Replica> replicas = List.of(one, two);
            List<WatchFollower> followers =
                    IntStream.range(0, WATCHERS)
                            .mapToObj(i -> new WatchFollower("watcher-" + i, replicas, seed + i))
                            .toList();
            List<Thread> following =
                    followers.stream().map(f -> Thread.ofVirtual().start(f)).toList();

            int passes = writeAndCompact(replicas, compaction);
            long last = one.fleet().position().revision();
            followers.forEach(f -> f.finishAt(last));
            for (Thread thread : following) {
                thread.join(Duration.ofSeconds(30));
            }

            List<Session> sessions =
                    followers.stream().flatMap(f -> f.sessions().stream()).toList();
            System.out.printf(
                    "%d changes in %d sessions, %d compactions to floor %d, longest write %d ms%n",
                    last,
                    sessions.size(),
                    passes,
                    compaction.floor(),
                    longestNanos.get() / 1_000_000);
            assertThat(compaction.floor()).isEqualTo(last - KEPT);
            assertThat(count(database)).isEqualTo(KEPT);
            assertThat(passes).isGreaterThan(3);
            assertThat(followers).allSatisfy(f -> assertThat(f.reached()).isEqualTo(last));
            assertThat(followers)
                    .allSatisfy(f ->
                            assertThat(f.refusals())
                                    .allSatisfy(r -> assertThat(r).startsWith("410 for ")));
            assertThat(WatchValidators.violations(withoutGone(sessions), log(database))).isEmpty();
            assertThat(Duration.ofNanos(longestNanos.get())).isLessThan(Duration.ofSeconds(3));
        }
    }

    @Test
    @Timeout(120)
    void readerWhoseNextChangeIsCompactedWhileItReadsIsToldThatItIsGone() throws Exception {
        TestDatabase database = TestDatabase.create();
        TestCompaction compaction = compaction(database);
        try (Replica before = Replica.on(database)) {
            storeLargeChanges(before.writer(), LARGE);
        }
        try (Replica replica = Replica.on(database);
                Socket slow = new Socket()) {
            slow.setReceiveBufferSize(4096);
            slow.connect(new InetSocketAddress("127.0.0.1", replica.url("/").getPort()));
            String since = new Position(replica.fleet().position().clusterId(), 1).toString();
            slow.getOutputStream()
                    .write(
                            ("GET /v1/watch?since=" + since + " HTTP/1.1\r\nHost: x\r\n\r\n")
                                    .getBytes(StandardCharsets.US_ASCII));
            BufferedReader lines =
                    new BufferedReader(
                            new InputStreamReader(slow.getInputStream(), StandardCharsets.UTF_8));
            assertThat(lines.readLine()).contains("200");

            compaction.compact();

            assertThat(compaction.floor()).isEqualTo(LARGE - KEPT);
            slow.setReceiveBufferSize(1 << 16);
            String gone = lines.readLine();
            while (gone != null && !gone.startsWith("event: gone")) {
                gone = lines.readLine();
            }
            assertThat(gone).isEqualTo("event: gone");
            assertThat(lines.readLine()).contains("is no longer kept in the change log");
            try (WatchClient again = WatchClient.open(replica, null)) {
                assertThat(again.next().seen()).isInstanceOf(SeenList.class);
            }
        }
    }

    private int writeAndCompact(List<Replica> replicas, TestCompaction compaction)
            throws InterruptedException {
        List<Thread> writing = new ArrayList<>();
        List<ChangeWriter> writers = new ArrayList<>();
        for (int w = 0; w < WRITERS; w++) {
            ChangeWriter writer = replicas.get(w % replicas.size()).anotherWriter();
            writer.start();
            writers.add(writer);
            int number = w;
            writing.add(Thread.ofVirtual().start(() -> write(number, writer)));
        }
        int passes = 0;
        while (stored.get() < CHANGES) {
            compaction.compact();
            passes++;
        }
        for (Thread thread : writing) {
            thread.join();
        }
        writers.forEach(ChangeWriter::close);
        long last = stored.get();
        await().atMost(Duration.ofSeconds(20))
                .until(() ->
                        replicas.stream().allMatch(r -> r.fleet().position().revision() == last));
        compaction.compact();
        return passes;
    }

    private void write(int number, ChangeWriter writer) {
        UnitRow unit = aUnit("unit-" + number);
        stored(writer, registration(unit));
        for (int i = 0; stored.get() < CHANGES; i++) {
            UnitRow next = unit.moved(i % 2 == 0 ? Phase.UP : Phase.SUSPECT, NOON, "move " + i);
            stored(writer, move(unit, next));
            unit = next;
        }
    }

    private void stored(ChangeWriter writer, ProposedChange change) {
        long begun = System.nanoTime();
        assertThat(writer.write(change).join()).isInstanceOf(Written.class);
        longestNanos.accumulateAndGet(System.nanoTime() - begun, Math::max);
        stored.incrementAndGet();
    }

    private static void storeLargeChanges(ChangeWriter writer, int changes) {
        List<CompletableFuture<WriteOutcome>> writes =
                IntStream.range(0, changes)
                        .mapToObj(i -> WatchIT.withLargeLabels(aUnit("unit-" + i)))
                        .map(unit -> writer.write(registration(unit)))
                        .toList();
        assertThat(writes).allSatisfy(w -> assertThat(w.join()).isInstanceOf(Written.class));
    }

    private static TestCompaction compaction(TestDatabase database) {
        database.jdbc().update("UPDATE incident_position SET revision = 1000000000");
        return new TestCompaction(database.dataSource(), FOREVER, KEPT, Duration.ZERO).leading();
    }

    private static void keepACopyOfWhatIsLogged(TestDatabase database) {
        database.jdbc()
                .execute(
                        """
                        CREATE TABLE logged_once (LIKE change_log);
                        CREATE FUNCTION keep() RETURNS trigger LANGUAGE plpgsql AS $$
                        BEGIN INSERT INTO logged_once VALUES (OLD.*); RETURN OLD; END $$;
                        CREATE TRIGGER keep BEFORE DELETE ON change_log FOR EACH ROW EXECUTE FUNCTION keep()\
                        """);
    }

    /** That a session was told it is gone is right below the floor, which validators know not. */
    private static List<Session> withoutGone(List<Session> sessions) {
        return sessions.stream()
                .map(s ->
                        new Session(
                                s.client(),
                                s.since(),
                                s.seen().stream()
                                        .filter(seen -> !(seen instanceof SeenGone))
                                        .toList()))
                .toList();
    }

    private static List<Change> log(TestDatabase database) throws Exception {
        database.jdbc().update("INSERT INTO logged_once SELECT * FROM change_log");
        database.jdbc().update("DROP TRIGGER keep ON change_log");
        database.jdbc().update("TRUNCATE change_log");
        database.jdbc().update("INSERT INTO change_log SELECT * FROM logged_once");
        try (Connection connection = database.dataSource().getConnection()) {
            return ChangeLog.after(connection, 0, Integer.MAX_VALUE).stream()
                    .map(LoggedChange::view)
                    .toList();
        }
    }

    private static long count(TestDatabase database) {
        return database.jdbc().queryForObject("SELECT count(*) FROM change_log", Long.class);
    }
}
