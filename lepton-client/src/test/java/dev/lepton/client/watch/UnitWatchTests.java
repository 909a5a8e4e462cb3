package dev.lepton.client.watch;

import static dev.lepton.client.watch.Frames.bookmark;
import static dev.lepton.client.watch.Frames.change;
import static dev.lepton.client.watch.Frames.gone;
import static dev.lepton.client.watch.Frames.list;
import static dev.lepton.client.watch.Frames.up;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lepton.client.rest.BearerToken;
import dev.lepton.client.rest.RegistryUrls;
import dev.lepton.client.unit.UnitId;
import dev.lepton.client.watch.FakeWatchServer.Connection;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class UnitWatchTests {

    private static final Duration LONG = Duration.ofSeconds(30);
    private static final int LONGEST_FRAME = 4096;

    @TempDir private Path folder;

    private final FakeWatchServer first = new FakeWatchServer();
    private final FakeWatchServer second = new FakeWatchServer();
    private final LinkedBlockingQueue<Told> told = new LinkedBlockingQueue<>();
    private final List<UnitWatch> watches = new ArrayList<>();

    @AfterEach
    void closeAll() {
        watches.forEach(UnitWatch::close);
        first.close();
        second.close();
    }

    @Test
    void aWatchBeginsWithAListAndFollowsTheChanges() {
        UnitWatch watch = started(watch(first));
        Connection connection = first.accept();

        assertThat(connection.query()).isEmpty();
        assertThat(connection.header("Authorization")).isEqualTo("Bearer 0123456789abcdef");
        connection.send(list("c:7", "a"));
        assertThat(next()).isEqualTo(new Told("c:7", List.of("a"), List.of()));
        connection.send(change("c", up(8, "b")));
        assertThat(next()).isEqualTo(new Told("c:8", List.of("a", "b"), List.of(8L)));
        assertThat(watch.fleet().units()).containsKey(new UnitId("b"));
        assertThat(watch.status().connectedTo()).isEqualTo(first.uri());
        assertThat(watch.status().position()).isEqualTo(Position.parse("c:8"));
        assertThat(watch.status().lastHeardMillisAgo()).isNotNull();
        assertThat(watch.status().fromDisk()).isFalse();
    }

    @Test
    void aGzipStreamIsAskedForAndReadFrameByFrame() {
        started(watch(first));
        Connection connection = first.accept();
        assertThat(connection.header("Accept-Encoding")).isEqualTo("gzip");

        connection.sendGzip(list("c:7", "a"));
        assertThat(next()).isEqualTo(new Told("c:7", List.of("a"), List.of()));
        for (long revision = 8; revision < 11; revision++) {
            connection.sendGzip(change("c", up(revision, "b")));
            assertThat(next().revisions()).containsExactly(revision);
        }
    }

    @Test
    void aGzipStreamThatIsBrokenIsLeft() {
        started(watch(first, second));
        Connection broken = first.accept().sendGzip(list("c:7", "a"));
        next();

        // A block of the type that does not exist.
        broken.send(new byte[] {7});

        second.accept();
    }

    @Test
    void aWatchThatTheRegistryClosesGoesOnElsewhereFromWhereItWas() {
        started(watch(first, second));
        Connection connection = first.accept().send(list("c:7", "a"));
        next();

        connection.send("event: closed\ndata: {\"reason\":\"too slow\"}\n\n");

        assertThat(second.accept().query()).isEqualTo("since=c:7");
    }

    @Test
    void allThatIsReadableIsToldAtOnce() {
        started(watch(first));
        Connection connection = first.accept();

        connection.send(
                list("c:7", "a")
                        + change("c", up(8, "b"))
                        + change("c", up(9, "c"))
                        + bookmark("c:9", 0));

        assertThat(next()).isEqualTo(new Told("c:7", List.of("a"), List.of()));
        assertThat(next()).isEqualTo(new Told("c:9", List.of("a", "b", "c"), List.of(8L, 9L)));
    }

    @Test
    void whatArrivedWhileTheListenerWasBusyIsToldAtOnce() throws InterruptedException {
        CountDownLatch busy = new CountDownLatch(1);
        FleetListener recorder = told();
        started(
                watch(
                        timings(LONG, LONG),
                        null,
                        (fleet, changes) -> {
                            recorder.fleetChanged(fleet, changes);
                            awaitQuietly(busy);
                        },
                        first.uri()));
        Connection connection = first.accept().send(list("c:7", "a"));
        next();

        connection.send(change("c", up(8, "b")));
        connection.send(change("c", up(9, "c")));
        connection.send(change("c", up(10, "d")));
        // Long enough for the bytes to cross the loopback; the listener holds the watch meanwhile.
        assertThat(busy.await(500, TimeUnit.MILLISECONDS)).isFalse();
        busy.countDown();

        assertThat(next().revisions()).containsExactly(8L, 9L, 10L);
    }

    @Test
    void framesMayArriveByteByByte() {
        started(watch(first));
        Connection connection = first.accept();

        byte[] bytes =
                (list("c:7", "a") + change("c", up(8, "b"))).getBytes(StandardCharsets.UTF_8);
        for (byte b : bytes) {
            connection.send(new byte[] {b});
        }

        assertThat(next().units()).containsExactly("a");
        assertThat(next().units()).containsExactly("a", "b");
    }

    @Test
    void aStreamThatEndsIsResumedWhereItWas() {
        started(watch(first));
        Connection connection = first.accept().send(list("c:7", "a"));
        next();
        connection.send(change("c", up(8, "b")));
        next();
        connection.end();

        Connection again = first.accept();

        assertThat(again.query()).isEqualTo("since=c:8");
        again.send(change("c", up(9, "c")));
        assertThat(next()).isEqualTo(new Told("c:9", List.of("a", "b", "c"), List.of(9L)));
    }

    @Test
    void aReplicaThatIsGoneIsFollowedByTheNextUrl() {
        started(watch(first, second));
        first.accept().send(list("c:7", "a"));
        next();
        first.close();

        assertThat(second.accept().query()).isEqualTo("since=c:7");
    }

    @Test
    void aWatchBeginsWithTheUrlThatItHasDrawn() throws Exception {
        List<URI> urls = List.of(first.uri(), second.uri());
        long seed =
                LongStream.range(0, 100)
                        .filter(one ->
                                new RegistryUrls(urls)
                                        .drawn(new SplittableRandom(one))
                                        .get(0)
                                        .equals(second.uri()))
                        .findFirst()
                        .orElseThrow();
        UnitWatch watch = new UnitWatch(urls, () -> null, null, told(), new SplittableRandom(seed));
        watches.add(watch);
        watch.start();

        second.accept().send(list("c:7", "a"));

        assertThat(next().units()).containsExactly("a");
        assertThat(first.hasWaiting()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(ints = {503, 401, 404, 500, 200, 302})
    void aReplicaThatAnswersWithoutAStreamIsFollowedByTheNextUrl(int status) {
        started(watch(first, second));

        first.accept().refuse(status);

        second.accept().send(list("c:7", "a"));
        assertThat(next().units()).containsExactly("a");
    }

    @Test
    void aGapIsFollowedByANewList() {
        started(watch(first));
        first.accept().send(list("c:7", "a") + change("c", up(9, "b")));
        next();

        Connection again = first.accept();

        assertThat(again.query()).isEmpty();
        again.send(list("c:9", "a", "b", "c"));
        assertThat(next()).isEqualTo(new Told("c:9", List.of("a", "b", "c"), List.of()));
    }

    @Test
    void whatCameBeforeAGapIsStillTold() {
        started(watch(first));

        first.accept().send(list("c:7", "a") + change("c", up(8, "b")) + change("c", up(10, "c")));

        next();
        assertThat(next()).isEqualTo(new Told("c:8", List.of("a", "b"), List.of(8L)));
        assertThat(first.accept().query()).isEmpty();
    }

    @Test
    void theLastRevisionAgainIsFollowedByANewListAndAnOlderOneIsPassedOver() {
        started(watch(first));
        Connection connection = first.accept().send(list("c:7", "a"));
        next();

        connection.send(change("c", up(5, "x")) + change("c", up(8, "b")));
        assertThat(next()).isEqualTo(new Told("c:8", List.of("a", "b"), List.of(8L)));
        connection.send(change("c", up(8, "b")));

        assertThat(first.accept().query()).isEmpty();
    }

    @Test
    void aBookmarkAheadOfTheChangesIsFollowedByANewList() {
        started(watch(first));

        first.accept().send(list("c:7", "a") + bookmark("c:8", 0));

        next();
        assertThat(first.accept().query()).isEmpty();
    }

    @Test
    void aChangeOfAnotherClusterIsFollowedByANewList() {
        started(watch(first));

        first.accept().send(list("c:7", "a") + change("d", up(8, "b")));

        next();
        assertThat(first.accept().query()).isEmpty();
    }

    @Test
    void aStreamWithoutPositionThatBeginsWithAChangeIsLeft() {
        started(watch(first, second));

        first.accept().send(change("c", up(1, "b")));

        assertThat(second.accept().query()).isEmpty();
    }

    @Test
    void goneIsFollowedByANewListFromTheSameReplica() {
        started(watch(first, second));
        Connection connection = first.accept().send(list("c:7", "a"));
        next();

        connection.send(gone());

        assertThat(first.accept().query()).isEmpty();
    }

    @Test
    void answer410IsFollowedByANewListFromTheSameReplica() {
        started(watch(first, second));
        Connection connection = first.accept().send(list("c:7", "a"));
        next();
        connection.end();
        assertThat(second.accept().query()).isEqualTo("since=c:7");
        second.close();
        Connection resumed = first.accept();

        resumed.refuse(410);

        assertThat(first.accept().query()).isEmpty();
    }

    @Test
    void aViewOlderThanTheLimitIsFollowedByTheNextUrlAndTheTableStays() {
        UnitWatch watch = started(watch(first, second));
        Connection connection = first.accept().send(list("c:7", "a"));
        next();

        connection.send(bookmark("c:7", 5000));
        connection.send(bookmark("c:7", 5001));

        assertThat(second.accept().query()).isEqualTo("since=c:7");
        assertThat(watch.fleet().units()).containsOnlyKeys(new UnitId("a"));
    }

    @Test
    void theOnlyReplicaIsFollowedHoweverOldItsView() {
        started(watch(first));
        Connection connection = first.accept().send(list("c:7", "a"));
        next();

        connection.send(bookmark("c:7", 60_000) + change("c", up(8, "b")));

        assertThat(next().units()).containsExactly("a", "b");
        assertThat(first.hasWaiting()).isFalse();
    }

    @Test
    void silenceIsFollowedByTheNextUrlAndTheTableStays() {
        UnitWatch watch =
                started(watch(timings(Duration.ofMillis(300), LONG), null, first, second));
        first.accept().send(list("c:7", "a"));
        next();

        assertThat(second.accept().query()).isEqualTo("since=c:7");
        assertThat(watch.fleet().units()).containsOnlyKeys(new UnitId("a"));
    }

    @Test
    void aReplicaThatAcceptsAndSaysNothingIsFollowedByTheNextUrl() {
        started(watch(timings(Duration.ofMillis(300), LONG), null, first, second));

        first.accept();

        second.accept().send(list("c:7", "a"));
        assertThat(next().units()).containsExactly("a");
    }

    @Test
    void bookmarksAreNoSilence() {
        started(watch(timings(Duration.ofMillis(1500), LONG), null, first));
        Connection connection = first.accept().send(list("c:7", "a"));
        next();

        await().during(Duration.ofMillis(4500))
                .pollInterval(Duration.ofMillis(50))
                .until(() -> {
                    connection.send(bookmark("c:7", 0));
                    return !first.hasWaiting();
                });
    }

    @Test
    void anOlderListOfTheSameClusterIsIgnoredAndTheNextReplicaTried() {
        UnitWatch watch = started(watch(first, second));
        first.accept().send(list("c:7", "a") + gone());
        next();

        first.accept().send(list("c:6", "x"));

        assertThat(second.accept().query()).isEqualTo("since=c:7");
        assertThat(watch.fleet().units()).containsOnlyKeys(new UnitId("a"));
    }

    @Test
    void aForeignListRemovesUnitsOnlyAfterTwoLeases() {
        started(watch(timings(LONG, Duration.ofMillis(400)), null, first));
        first.accept().send(list("c:7", "a", "b") + gone());
        next();

        first.accept().send(list("d:1", "b"));

        assertThat(next()).isEqualTo(new Told("d:1", List.of("a", "b"), List.of()));
        assertThat(next()).isEqualTo(new Told("d:1", List.of("b"), List.of()));
    }

    @Test
    void aHugeLineIsRefused() {
        started(watch(first, second));
        Connection connection = first.accept().send(list("c:7", "a"));
        next();

        connection.send("data: " + "x".repeat(LONGEST_FRAME));

        assertThat(second.accept().query()).isEqualTo("since=c:7");
    }

    @Test
    void aFrameThatIsNotTheProtocolsIsRefused() {
        started(watch(first, second));

        first.accept().send("event: list\ndata: {\"units\":[]}\n\n");

        second.accept().send(list("c:7", "a"));
        assertThat(next().units()).containsExactly("a");
    }

    @Test
    void framesOfAnUnknownKindArePassedOver() {
        started(watch(first));

        first.accept()
                .send("event: news\ndata: {}\n\n" + list("c:7", "a") + change("c", up(8, "b")));

        next();
        assertThat(next().units()).containsExactly("a", "b");
    }

    @Test
    void aListenerThatThrowsIsToldOfTheNextPicture() {
        List<String> positions = new CopyOnWriteArrayList<>();
        UnitWatch watch =
                watch(
                        timings(LONG, LONG),
                        null,
                        (fleet, _) -> {
                            positions.add(String.valueOf(fleet.position()));
                            throw new AssertionError("a listener's fault, on purpose");
                        },
                        first.uri());
        started(watch);
        Connection connection = first.accept().send(list("c:7", "a"));
        await().until(() -> positions.contains("c:7"));

        connection.send(change("c", up(8, "b")));

        await().until(() -> positions.contains("c:8"));
        assertThat(first.hasWaiting()).isFalse();
    }

    @Test
    void theDiskListIsToldBeforeStartReturnsWhenNoRegistryAnswers() throws IOException {
        Path file = storedList("c:7", "a", "b");

        UnitWatch watch = watch(timings(LONG, LONG), file, told(), unusedUrl());
        watch.start();

        assertThat(told.poll()).isEqualTo(new Told("c:7", List.of("a", "b"), List.of()));
        assertThat(watch.fleet().units()).hasSize(2);
        assertThat(watch.status())
                .isEqualTo(new WatchStatus(null, Position.parse("c:7"), null, true));
    }

    @Test
    void aWatchThatStartedFromDiskResumesFromThere() throws IOException {
        UnitWatch watch = started(watch(timings(LONG, LONG), storedList("c:7", "a"), first));
        next();

        Connection connection = first.accept();

        assertThat(connection.query()).isEqualTo("since=c:7");
        connection.send(bookmark("c:7", 0));
        await().until(() -> !watch.status().fromDisk());
    }

    @Test
    void aRegistryThatComesLaterIsFound() throws IOException {
        FakeWatchServer late = new FakeWatchServer();
        int port = late.port();
        late.close();
        UnitWatch watch = started(watch(timings(LONG, LONG), storedList("c:7", "a"), late));
        next();
        assertThat(watch.status().connectedTo()).isNull();

        try (FakeWatchServer come = new FakeWatchServer(port)) {
            come.accept().send(change("c", up(8, "b")));

            assertThat(next().units()).containsExactly("a", "b");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "{",
                "{}",
                "{\"position\":\"c:7\"}",
                "{\"position\":\"c\",\"units\":[],\"desired\":[]}",
                "{\"position\":\"c:7\",\"units\":[{}],\"desired\":[]}",
                "\u0000\u0001"
            })
    void aCorruptDiskListIsIgnored(String content) throws IOException {
        Path file = Files.writeString(folder.resolve("fleet.json"), content);
        started(watch(timings(LONG, LONG), file, first));

        Connection connection = first.accept();

        assertThat(connection.query()).isEmpty();
        connection.send(list("c:7", "a"));
        assertThat(next()).isEqualTo(new Told("c:7", List.of("a"), List.of()));
    }

    @Test
    void aFolderInPlaceOfTheDiskListIsNoReasonToFail() throws IOException {
        Path file = Files.createDirectories(folder.resolve("fleet.json/inner")).getParent();
        started(watch(timings(LONG, LONG), file, first));

        first.accept().send(list("c:7", "a"));

        assertThat(next().units()).containsExactly("a");
    }

    @Test
    void theDiskListFollowsThePictureAndIsWrittenOnClose() {
        Path file = folder.resolve("deep/fleet.json");
        UnitWatch watch = started(watch(timings(LONG, LONG), file, first));
        Connection connection = first.accept().send(list("c:7", "a"));
        next();
        await().until(() -> onDisk(file).equals(new Told("c:7", List.of("a"), List.of())));

        connection.send(change("c", up(8, "b")));
        next();
        watch.close();

        assertThat(onDisk(file)).isEqualTo(new Told("c:8", List.of("a", "b"), List.of()));
        assertThat(file.resolveSibling("fleet.json.tmp")).doesNotExist();
    }

    @Test
    void whileUnitsOfAnotherClusterAreKeptTheDiskHoldsTheirList() throws IOException {
        Path file = storedList("c:7", "a", "b");
        UnitWatch watch = started(watch(timings(LONG, LONG), file, first));
        next();
        first.accept().refuse(410);
        first.accept().send(list("d:1", "b"));
        next();

        watch.close();

        assertThat(onDisk(file)).isEqualTo(new Told("c:7", List.of("a", "b"), List.of()));
    }

    @Test
    void closingIsPromptAndNothingIsToldAfterwards() {
        UnitWatch watch = started(watch(first));
        Connection connection = first.accept().send(list("c:7", "a"));
        next();

        long began = System.nanoTime();
        watch.close();
        Duration took = Duration.ofNanos(System.nanoTime() - began);

        assertThat(took).isLessThan(Duration.ofSeconds(3));
        await().untilAsserted(() ->
                assertThat(Thread.getAllStackTraces().keySet())
                        .noneMatch(t -> t.getName().equals("lepton-watch")));
        connection.end();
        assertThat(told).isEmpty();
    }

    @Test
    void aWatchThatWasNeverStartedCanBeClosed() {
        watch(first).close();

        assertThat(told).isEmpty();
    }

    @Test
    void afterAnEstablishedStreamTheFirstReconnectIsAtOnce() {
        WatchTimings patient =
                new WatchTimings(
                        LONG,
                        LONG,
                        LONG,
                        LONG,
                        Duration.ZERO,
                        Duration.ofHours(1),
                        Duration.ofHours(1),
                        LONG,
                        Duration.ofMillis(20));
        started(watch(patient, null, first));
        Connection connection = first.accept().send(list("c:7", "a"));
        next();

        connection.end();

        assertThat(first.accept().query()).isEqualTo("since=c:7");
    }

    @Test
    void aWatchThatWasPausedItselfCallsNobodySilent() {
        AtomicLong pausedFor = new AtomicLong();
        UnitWatch watch =
                new UnitWatch(
                        new RegistryUrls(List.of(first.uri())),
                        () -> null,
                        null,
                        told(),
                        timings(Duration.ofSeconds(5), LONG),
                        () -> System.nanoTime() + pausedFor.get(),
                        new SplittableRandom(7),
                        LONGEST_FRAME);
        watches.add(watch);
        watch.start();
        first.accept().send(list("c:7", "a"));
        next();

        pausedFor.addAndGet(Duration.ofMinutes(1).toNanos());

        await().during(Duration.ofMillis(500)).until(() -> !first.hasWaiting());
        assertThat(watch.status().connectedTo()).isEqualTo(first.uri());
    }

    private UnitWatch watch(FakeWatchServer... servers) {
        return watch(timings(LONG, LONG), null, servers);
    }

    private UnitWatch watch(WatchTimings timings, @Nullable Path disk, FakeWatchServer... servers) {
        URI[] urls = new URI[servers.length];
        for (int i = 0; i < servers.length; i++) {
            urls[i] = servers[i].uri();
        }
        return watch(timings, disk, told(), urls);
    }

    private UnitWatch watch(
            WatchTimings timings, @Nullable Path disk, FleetListener listener, URI... urls) {
        UnitWatch watch =
                new UnitWatch(
                        new RegistryUrls(List.of(urls)),
                        () -> BearerToken.of("0123456789abcdef"),
                        disk,
                        listener,
                        timings,
                        System::nanoTime,
                        new SplittableRandom(7),
                        LONGEST_FRAME);
        watches.add(watch);
        return watch;
    }

    private static UnitWatch started(UnitWatch watch) {
        watch.start();
        return watch;
    }

    private static WatchTimings timings(Duration silence, Duration keptFromForeign) {
        return new WatchTimings(
                Duration.ofSeconds(5),
                silence,
                Duration.ofSeconds(5),
                keptFromForeign,
                Duration.ZERO,
                Duration.ofMillis(5),
                Duration.ofMillis(50),
                Duration.ofMillis(20),
                Duration.ofMillis(20));
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private FleetListener told() {
        return (fleet, changes) ->
                told.add(
                        new Told(
                                String.valueOf(fleet.position()),
                                names(fleet),
                                changes.stream().map(Change::revision).toList()));
    }

    private static List<String> names(Fleet fleet) {
        return fleet.units().keySet().stream().map(UnitId::value).sorted().toList();
    }

    private Told next() {
        try {
            Told next = told.poll(10, TimeUnit.SECONDS);
            if (next == null) {
                throw new AssertionError("the listener was not told of anything");
            }
            return next;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private Path storedList(String position, String... units) throws IOException {
        Path file = folder.resolve("fleet.json");
        new DiskList(file).store(Frames.fleetList(position, units));
        return file;
    }

    private static Told onDisk(Path file) {
        FleetList list = new DiskList(file).load();
        return list == null
                ? new Told("none", List.of(), List.of())
                : new Told(
                        list.position().toString(),
                        list.units().stream().map(u -> u.unitId().value()).sorted().toList(),
                        List.of());
    }

    private static URI unusedUrl() {
        FakeWatchServer gone = new FakeWatchServer();
        gone.close();
        return gone.uri();
    }

    /** What a listener was told: where, which units, and which revisions led there. */
    private record Told(String position, List<String> units, List<Long> revisions) {}
}
