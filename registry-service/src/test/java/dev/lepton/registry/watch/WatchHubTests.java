package dev.lepton.registry.watch;

import static dev.lepton.registry.changelog.TestUnits.NOON;
import static dev.lepton.registry.changelog.TestUnits.aUnit;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lepton.client.watch.Position;
import dev.lepton.registry.changelog.LoggedChange;
import dev.lepton.registry.watch.WatchHub.Next;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class WatchHubTests {

    private static final String CLUSTER = "c.1";

    private final WatchHub hub = new WatchHub(new WatchLimits(8, 1 << 20));

    @BeforeEach
    void load() {
        hub.reloaded(at(10), "started");
    }

    @Test
    void watcherIsHandedWhatFollowsItsPlaceAndNothingTwice() throws Exception {
        Watcher watcher = hub.join(hub.generation(), at(10));
        change(11, 12);

        List<Frame> first = ((Next.Send) hub.next(watcher, 0)).frames();
        hub.sent(watcher, first);
        change(13, 13);

        assertThat(first).extracting(Frame::revision).containsExactly(11L, 12L);
        assertThat(((Next.Send) hub.next(watcher, 0)).frames())
                .extracting(Frame::revision)
                .containsExactly(13L);
        assertThat(watcher.position()).isEqualTo(at(12));
    }

    @Test
    void hubKnowsTheFleetOnceItWasToldWhereItIs() throws Exception {
        WatchHub fresh = new WatchHub(new WatchLimits(8, 1 << 20));

        assertThat(fresh.awaitFleet(0)).isFalse();
        fresh.reloaded(at(10), "started");
        assertThat(fresh.awaitFleet(0)).isTrue();
    }

    @Test
    void watcherThatComesBeforeTheFleetIsKnownWaitsForIt() throws Exception {
        WatchHub fresh = new WatchHub(new WatchLimits(8, 1 << 20));
        CompletableFuture<Boolean> waited = CompletableFuture.supplyAsync(() -> awaitFleet(fresh));

        fresh.reloaded(at(10), "started");

        assertThat(waited.get(10, TimeUnit.SECONDS)).isTrue();
    }

    private static boolean awaitFleet(WatchHub hub) {
        try {
            return hub.awaitFleet(TimeUnit.SECONDS.toNanos(10));
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void watchersShareTheBytesOfAChange() throws Exception {
        Watcher one = hub.join(hub.generation(), at(10));
        Watcher other = hub.join(hub.generation(), at(10));
        change(11, 11);

        assertThat(((Next.Send) hub.next(one, 0)).frames().getFirst().bytes())
                .isSameAs(((Next.Send) hub.next(other, 0)).frames().getFirst().bytes());
        assertThat(((Next.Send) hub.next(one, 0)).frames().getFirst().deflated())
                .isSameAs(((Next.Send) hub.next(other, 0)).frames().getFirst().deflated());
    }

    @Test
    void watcherBehindByHalfTheRingIsKeptAndByOneMoreIsClosedAndCounted() throws Exception {
        Watcher slow = hub.join(hub.generation(), at(10));
        Watcher fast = hub.join(hub.generation(), at(10));
        change(11, 14);
        hub.sent(fast, ((Next.Send) hub.next(fast, 0)).frames());
        assertThat(hub.next(slow, 0)).isInstanceOf(Next.Send.class);

        change(15, 15);

        assertThat(hub.next(slow, 0))
                .isEqualTo(new Next.End("too slow: more than 4 changes or 524288 bytes behind"));
        assertThat(hub.next(fast, 0)).isInstanceOf(Next.Send.class);
        assertThat(hub.closedAsSlow()).isEqualTo(1);
        assertThat(hub.watchers()).isEqualTo(1);
    }

    @Test
    void watcherThatWasClosedForBeingSlowFindsItsPlaceWhenItComesBackAtOnce() {
        hub.join(hub.generation(), at(10));
        change(11, 15);

        assertThat(hub.join(hub.generation(), at(10))).isNotNull();
    }

    @Test
    void watcherThatLagsByBytesIsClosed() {
        WatchHub small = new WatchHub(new WatchLimits(1000, 3000));
        small.reloaded(at(0), "started");
        small.join(small.generation(), at(0));

        small.changed(CLUSTER, List.of(logged(1), logged(2), logged(3), logged(4)));

        assertThat(small.closedAsSlow()).isEqualTo(1);
    }

    @Test
    void placeThatTheRingHasDroppedMustBeReadElsewhere() {
        change(11, 20);

        assertThat(hub.join(hub.generation(), at(11))).isNull();
        assertThat(hub.join(hub.generation(), at(12))).isNotNull();
    }

    @Test
    void watcherAheadOfTheRingIsToldOnlyOfWhatItHasNot() throws Exception {
        Watcher watcher = hub.join(hub.generation(), at(12));

        change(11, 13);

        assertThat(((Next.Send) hub.next(watcher, 0)).frames())
                .extracting(Frame::revision)
                .containsExactly(13L);
    }

    @Test
    void reloadTellsWatchersThatTheirPlaceIsGone() throws Exception {
        Watcher watcher = hub.join(hub.generation(), at(10));

        hub.reloaded(new Position("d.1", 3), "another database answers");

        assertThat(hub.next(watcher, 0)).isEqualTo(new Next.Gone("another database answers"));
    }

    @Test
    void watcherWhosePictureWasTakenBeforeAReloadIsGoneToo() throws Exception {
        long generation = hub.generation();
        hub.reloaded(new Position("d.1", 300), "another database answers");

        Watcher watcher = hub.join(generation, at(10));

        assertThat(hub.next(watcher, 0)).isInstanceOf(Next.Gone.class);
    }

    @Test
    void changesThatDoNotFollowAreATellingOfGoneAndNotOfAGap() throws Exception {
        Watcher watcher = hub.join(hub.generation(), at(10));

        change(12, 12);

        assertThat(hub.next(watcher, 0)).isInstanceOf(Next.Gone.class);
        assertThat(hub.join(hub.generation(), at(12))).isNotNull();
    }

    @Test
    void stoppedHubEndsItsStreams() throws Exception {
        Watcher watcher = hub.join(hub.generation(), at(10));

        hub.stop();

        assertThat(hub.next(watcher, 1_000_000_000L)).isEqualTo(new Next.End("this replica stops"));
    }

    @Test
    void moreWatchersAreLeftAloneForLongerAfterEachWriteButNotForLongerThanFiftyMilliseconds() {
        assertThat(hub.paceNanos()).isZero();
        for (int i = 0; i < 10; i++) {
            hub.join(hub.generation(), at(10));
        }
        assertThat(hub.paceNanos()).isEqualTo(1_000_000);

        for (int i = 0; i < 1000; i++) {
            hub.join(hub.generation(), at(10));
        }

        assertThat(hub.paceNanos()).isEqualTo(50_000_000);
    }

    @Test
    void quietHubSendsNothing() throws Exception {
        Watcher watcher = hub.join(hub.generation(), at(10));

        assertThat(hub.next(watcher, 1)).isEqualTo(new Next.Send(List.of()));
    }

    private void change(long from, long to) {
        hub.changed(CLUSTER, LongStream.rangeClosed(from, to).mapToObj(this::logged).toList());
    }

    private LoggedChange logged(long revision) {
        return new LoggedChange(
                revision,
                NOON,
                aUnit("worker-1").id(),
                "moved",
                null,
                "x",
                aUnit("worker-1"),
                null);
    }

    private static Position at(long revision) {
        return new Position(CLUSTER, revision);
    }
}
