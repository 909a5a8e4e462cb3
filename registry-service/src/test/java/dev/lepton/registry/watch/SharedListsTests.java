package dev.lepton.registry.watch;

import static dev.lepton.registry.changelog.TestUnits.aUnit;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.lepton.client.watch.Position;
import dev.lepton.registry.fleet.FleetView;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class SharedListsTests {

    private final AtomicInteger pictures = new AtomicInteger();
    private final CountDownLatch encoding = new CountDownLatch(1);
    private final CountDownLatch goOn = new CountDownLatch(1);
    private volatile long revision = 1;

    @Test
    void listOfAPositionIsMadeOnce() {
        goOn.countDown();
        SharedLists lists = lists();

        EncodedList first = lists.current();

        assertThat(lists.current()).isSameAs(first);
        assertThat(pictures).hasValue(1);
    }

    @Test
    void changedFleetHasAListOfItsOwn() {
        goOn.countDown();
        SharedLists lists = lists();
        lists.current();

        revision = 2;

        assertThat(lists.current().position().revision()).isEqualTo(2);
    }

    @Test
    void allWhoAskWhileAListIsMadeShareTheNextSoThatNoneIsOlderThanItsQuestion() throws Exception {
        SharedLists lists = lists();
        CompletableFuture<EncodedList> before = CompletableFuture.supplyAsync(lists::current);
        encoding.await();
        revision = 2;

        List<CompletableFuture<EncodedList>> meanwhile =
                IntStream.range(0, 20).mapToObj(_ -> asked(lists)).toList();
        goOn.countDown();

        assertThat(before.join().position().revision()).isEqualTo(1);
        assertThat(meanwhile)
                .allSatisfy(one -> assertThat(one.join().position().revision()).isEqualTo(2));
        assertThat(pictures).hasValue(2);
    }

    @Test
    void failureIsToldAndTheNextWhoAsksIsAnswered() {
        AtomicInteger asked = new AtomicInteger();
        SharedLists lists =
                new SharedLists(
                        () -> {
                            if (asked.incrementAndGet() == 1) {
                                throw new IllegalStateException("not loaded yet");
                            }
                            return picture(1);
                        },
                        () -> at(1));

        assertThatThrownBy(lists::current).hasMessage("not loaded yet");
        assertThat(lists.current().position()).isEqualTo(at(1));
    }

    /** Begun, and waiting for its turn. */
    private static CompletableFuture<EncodedList> asked(SharedLists lists) {
        CompletableFuture<EncodedList> answer = new CompletableFuture<>();
        Thread asks = Thread.ofPlatform().start(() -> answer.complete(lists.current()));
        await().until(() -> asks.getState() == Thread.State.WAITING);
        return answer;
    }

    private SharedLists lists() {
        return new SharedLists(
                () -> {
                    FleetView.Picture picture = picture(revision);
                    pictures.incrementAndGet();
                    encoding.countDown();
                    try {
                        goOn.await();
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                    return picture;
                },
                () -> at(revision));
    }

    private static FleetView.Picture picture(long revision) {
        return new FleetView.Picture(at(revision), List.of(aUnit("worker-1")), List.of());
    }

    private static Position at(long revision) {
        return new Position("c.1", revision);
    }
}
