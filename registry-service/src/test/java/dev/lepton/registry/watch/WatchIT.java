package dev.lepton.registry.watch;

import static dev.lepton.registry.changelog.TestUnits.NOON;
import static dev.lepton.registry.changelog.TestUnits.aUnit;
import static dev.lepton.registry.changelog.TestUnits.move;
import static dev.lepton.registry.changelog.TestUnits.registration;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lepton.client.watch.Change;
import dev.lepton.client.watch.Position;
import dev.lepton.registry.changelog.TestDatabase;
import dev.lepton.registry.changelog.WriteOutcome.Written;
import dev.lepton.registry.lifecycle.Phase;
import dev.lepton.registry.unit.UnitRow;
import dev.lepton.registry.watch.Session.Seen;
import dev.lepton.registry.watch.Session.SeenBookmark;
import dev.lepton.registry.watch.Session.SeenChange;
import dev.lepton.registry.watch.Session.SeenGone;
import dev.lepton.registry.watch.Session.SeenList;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class WatchIT {

    private static final TestDatabase database = TestDatabase.create();

    /** The log is read each second. */
    private static final long SMALL_AGE_MILLIS = 1500;

    private static Replica one;
    private static Replica two;

    private final String id = "u-" + UUID.randomUUID();

    @BeforeAll
    static void start() {
        one = Replica.on(database);
        two = Replica.on(database);
    }

    @AfterAll
    static void stop() {
        one.close();
        two.close();
    }

    @Test
    void streamBeginsWithTheListAndABookmarkAndSaysThatItIsNotToBeStoredOrBuffered()
            throws Exception {
        UnitRow unit = aUnit(id);
        long revision = store(one, unit);
        await().until(() -> one.fleet().position().revision() >= revision);

        try (WatchClient client = WatchClient.open(one, null)) {
            assertThat(client.status()).isEqualTo(200);
            assertThat(client.response().headers().firstValue("Content-Type"))
                    .hasValueSatisfying(t -> assertThat(t).startsWith("text/event-stream"));
            assertThat(client.response().headers().firstValue("Cache-Control"))
                    .hasValue("no-store");
            assertThat(client.response().headers().firstValue("X-Accel-Buffering")).hasValue("no");
            var list = (SeenList) client.next().seen();
            assertThat(list.list().units()).contains(unit.view());
            assertThat(client.next().seen())
                    .isInstanceOfSatisfying(
                            SeenBookmark.class,
                            b -> assertThat(b.revision()).isEqualTo(list.revision()));
        }
    }

    @Test
    void streamAsGzipCarriesTheSameFramesEachAtOnce() throws Exception {
        UnitRow unit = aUnit(id);
        long revision = store(one, unit);
        await().until(() -> one.fleet().position().revision() >= revision);

        try (WatchClient client = WatchClient.openRaw(one, "", "Accept-Encoding", "gzip")) {
            assertThat(client.response().headers().firstValue("Content-Encoding")).hasValue("gzip");
            assertThat(((SeenList) client.next().seen()).list().units()).contains(unit.view());
            assertThat(client.next().seen()).isInstanceOf(SeenBookmark.class);
            for (int i = 0; i < 3; i++) {
                UnitRow another = aUnit(id + "-" + i);
                store(one, another);
                assertThat(nextChange(client).unit()).isEqualTo(another.view());
            }
        }
        try (WatchClient client =
                WatchClient.openRaw(two, "?since=" + at(revision - 1), "Accept-Encoding", "gzip")) {
            assertThat(nextChange(client).unit()).isEqualTo(unit.view());
        }
    }

    @Test
    void changeReachesTheWatchersOfBothReplicas() throws Exception {
        try (WatchClient mine = WatchClient.open(one, null);
                WatchClient theirs = WatchClient.open(two, null)) {
            mine.next();
            theirs.next();

            UnitRow unit = aUnit(id);
            store(one, unit);

            assertThat(nextChange(mine).unit()).isEqualTo(unit.view());
            assertThat(nextChange(theirs).unit()).isEqualTo(unit.view());
        }
    }

    @Test
    void quietStreamCarriesABookmarkEachSecond() throws Exception {
        try (WatchClient client = WatchClient.open(one, null)) {
            client.next();
            long begin = System.nanoTime();
            for (int i = 0; i < 3; i++) {
                assertThat(client.next().seen()).isInstanceOf(SeenBookmark.class);
            }
            assertThat(Duration.ofNanos(System.nanoTime() - begin))
                    .isBetween(Duration.ofMillis(1700), Duration.ofMillis(4000));
        }
    }

    @Test
    @Timeout(120)
    void bookmarkSaysHowLongAgoTheChangeLogWasRead() throws Exception {
        TestDatabase own = TestDatabase.create();
        try (Replica replica = Replica.on(own);
                WatchClient client = WatchClient.open(replica, null)) {
            awaitBookmark(client, age -> age < SMALL_AGE_MILLIS);

            own.refuseConnections();
            awaitBookmark(client, age -> age > 2 * SMALL_AGE_MILLIS);
            awaitBookmark(client, age -> age > 4 * SMALL_AGE_MILLIS);
            own.acceptConnections();

            awaitBookmark(client, age -> age < SMALL_AGE_MILLIS);
        }
    }

    @Test
    @Timeout(120)
    void streamSaysThatItIsGoneAndEndsWhenAnotherClusterAnswers() throws Exception {
        TestDatabase own = TestDatabase.create();
        try (Replica replica = Replica.on(own);
                WatchClient client = WatchClient.open(replica, null)) {
            assertThat(client.next().seen()).isInstanceOf(SeenList.class);
            String before = cluster(replica);

            own.jdbc().update("UPDATE cluster SET id = gen_random_uuid()");
            own.terminate("lepton change tail");

            assertThat(nextThatIsNoBookmark(client))
                    .isInstanceOfSatisfying(
                            SeenGone.class,
                            gone -> assertThat(gone.reason()).contains("instead of " + before));
            assertThat(client.next()).isNull();
        }
    }

    @Test
    void positionThatIsOlderThanTheMemoryOfTheReplicaIsReadFromTheDatabase() throws Exception {
        long first = store(one, aUnit(id));
        long second = store(one, aUnit(id + "-b"));
        try (Replica fresh = Replica.on(database);
                WatchClient client = WatchClient.open(fresh, at(first - 1))) {
            assertThat(client.next().seen())
                    .isInstanceOfSatisfying(
                            SeenChange.class, c -> assertThat(c.revision()).isEqualTo(first));
            assertThat(client.next().seen())
                    .isInstanceOfSatisfying(
                            SeenChange.class, c -> assertThat(c.revision()).isEqualTo(second));
            long third = store(one, aUnit(id + "-c"));
            assertThat(nextChange(client).revision()).isEqualTo(third);
        }
    }

    @Test
    void positionAheadOfTheReplicaIsAnswered503AfterTwoSeconds() throws Exception {
        long begin = System.nanoTime();
        try (WatchClient client =
                WatchClient.open(one, at(one.fleet().position().revision() + 1000))) {
            assertThat(client.status()).isEqualTo(503);
            assertThat(Duration.ofNanos(System.nanoTime() - begin))
                    .isBetween(Duration.ofMillis(1900), Duration.ofSeconds(6));
            assertThat(client.response().headers().firstValue("Retry-After")).hasValue("1");
            assertThat(client.body()).contains("\"code\":\"behind\"");
        }
    }

    @Test
    void positionThatComesWithinTwoSecondsIsWaitedFor() throws Exception {
        long next = one.fleet().position().revision() + 1;
        Thread writes =
                Thread.startVirtualThread(() -> {
                    await().until(() -> true);
                    store(two, aUnit(id));
                });
        try (WatchClient client = WatchClient.open(one, at(next))) {
            assertThat(client.status()).isEqualTo(200);
            assertThat(client.next().seen()).isInstanceOf(SeenBookmark.class);
        }
        writes.join();
    }

    @Test
    void positionOfAnotherClusterIsGone() throws Exception {
        try (WatchClient client =
                WatchClient.open(one, new Position(UUID.randomUUID() + ".1", 1))) {
            assertThat(client.status()).isEqualTo(410);
            assertThat(client.body()).contains("\"code\":\"gone\"");
        }
    }

    @Test
    void positionThatWasCompactedAwayIsGone() throws Exception {
        TestDatabase compacted = TestDatabase.create();
        try (Replica replica = Replica.on(compacted)) {
            UnitRow unit = aUnit(id);
            store(replica, unit);
            for (int i = 0; i < 9; i++) {
                UnitRow next = unit.moved(i % 2 == 0 ? Phase.UP : Phase.SUSPECT, NOON, "x");
                replica.writer().write(move(unit, next)).join();
                unit = next;
            }
            compacted.jdbc().update("DELETE FROM change_log WHERE revision <= 5");
            try (Replica fresh = Replica.on(compacted);
                    WatchClient gone = WatchClient.open(fresh, new Position(cluster(fresh), 4));
                    WatchClient kept = WatchClient.open(fresh, new Position(cluster(fresh), 5))) {
                assertThat(gone.status()).isEqualTo(410);
                assertThat(kept.status()).isEqualTo(200);
                assertThat(nextChange(kept).revision()).isEqualTo(6);
            }
        }
    }

    @Test
    void positionThatCannotBeReadIsRefused() throws Exception {
        try (WatchClient client = WatchClient.openRaw(one, "?since=nonsense")) {
            assertThat(client.status()).isEqualTo(400);
            assertThat(client.body()).contains("\"code\":\"invalid\"");
        }
    }

    @Test
    void browserThatReconnectsSendsItsPositionAsLastEventId() throws Exception {
        long first = store(one, aUnit(id));
        await().until(() -> one.fleet().position().revision() >= first);

        try (WatchClient client =
                WatchClient.openRaw(one, "", "Last-Event-ID", at(first - 1) + "")) {
            assertThat(nextChange(client).revision()).isEqualTo(first);
        }
    }

    @Test
    void clientThatHangsUpIsForgotten() throws Exception {
        // Those of the tests before linger until their next bookmark finds nobody.
        await().atMost(Duration.ofSeconds(30)).until(() -> one.hub().watchers() == 0);
        WatchClient client = WatchClient.open(one, null);
        client.next();
        client.next();
        assertThat(one.hub().watchers()).isEqualTo(1);

        client.close();

        await().atMost(Duration.ofSeconds(30)).until(() -> one.hub().watchers() == 0);
    }

    @Test
    void readerThatDoesNotReadIsClosedWhileTheOthersGoOnAndFindsItsPlaceAgain() throws Exception {
        long closedBefore = one.hub().closedAsSlow();
        UnitRow unit = withLargeLabels(aUnit(id));
        long first = store(one, unit);
        await().until(() -> one.fleet().position().revision() >= first);
        try (Socket slow = new Socket();
                WatchClient reader = WatchClient.open(one, at(first))) {
            slow.setReceiveBufferSize(4096);
            slow.connect(new InetSocketAddress("127.0.0.1", one.url("/").getPort()));
            slow.getOutputStream()
                    .write(
                            ("GET /v1/watch?since=" + at(first) + " HTTP/1.1\r\nHost: x\r\n\r\n")
                                    .getBytes(StandardCharsets.US_ASCII));
            assertThat(slow.getInputStream().read()).isEqualTo('H');

            long seen = first;
            for (int i = 0; i < 2000 && one.hub().closedAsSlow() == closedBefore; i++) {
                UnitRow next = unit.moved(i % 2 == 0 ? Phase.UP : Phase.SUSPECT, NOON, "x");
                one.writer().write(move(unit, next)).join();
                unit = next;
                assertThat(nextChange(reader).revision()).isEqualTo(++seen);
            }

            assertThat(one.hub().closedAsSlow()).isEqualTo(closedBefore + 1);
            slow.setReceiveBufferSize(1 << 16);
            assertThat(new String(slow.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                    .contains(
                            "event: closed\ndata: {\"reason\":\"too slow: more than 4096 changes");
            try (WatchClient again = WatchClient.open(one, at(first))) {
                for (long revision = first + 1; revision <= seen; revision++) {
                    assertThat(nextChange(again).revision()).isEqualTo(revision);
                }
            }
        }
    }

    @Test
    void stoppingReplicaEndsItsStreamsAndDoesNotWaitForThem() throws Exception {
        Replica leaving = Replica.on(database);
        try (WatchClient client = WatchClient.open(leaving, null)) {
            client.next();
            long begin = System.nanoTime();

            leaving.close();

            assertThat(Duration.ofNanos(System.nanoTime() - begin))
                    .isLessThan(Duration.ofSeconds(10));
            WatchClient.Received last = client.next();
            while (last != null) {
                last = client.next();
            }
        }
    }

    private static Change nextChange(WatchClient client) throws Exception {
        while (true) {
            if (client.next().seen() instanceof SeenChange(var revision, var change)) {
                return change;
            }
        }
    }

    private static Seen nextThatIsNoBookmark(WatchClient client) throws Exception {
        Seen seen = client.next().seen();
        while (seen instanceof SeenBookmark) {
            seen = client.next().seen();
        }
        return seen;
    }

    /** Reads on until a bookmark has such an age. */
    private static void awaitBookmark(WatchClient client, Predicate<Long> ofAge) throws Exception {
        List<Long> ages = new ArrayList<>();
        while (ages.size() < 30 && (ages.isEmpty() || !ofAge.test(ages.getLast()))) {
            if (client.next().seen() instanceof SeenBookmark(var revision, var ageMillis)) {
                ages.add(ageMillis);
            }
        }
        assertThat(ages).anyMatch(ofAge);
    }

    static UnitRow withLargeLabels(UnitRow unit) {
        Map<String, String> labels =
                IntStream.range(0, 64)
                        .boxed()
                        .collect(Collectors.toMap(i -> "label-" + i, i -> "x".repeat(250)));
        return new UnitRow(
                unit.id(),
                unit.service(),
                unit.startId(),
                unit.incarnation(),
                unit.phase(),
                unit.address(),
                unit.node(),
                unit.beater(),
                unit.programVersion(),
                unit.weight(),
                unit.zone(),
                unit.pid(),
                labels,
                unit.registeredAt(),
                unit.since(),
                unit.reason(),
                unit.forgotten(),
                unit.version());
    }

    private static long store(Replica replica, UnitRow unit) {
        return ((Written) replica.writer().write(registration(unit)).join()).revision();
    }

    private static Position at(long revision) {
        return new Position(cluster(one), revision);
    }

    private static String cluster(Replica replica) {
        return replica.fleet().position().clusterId();
    }
}
