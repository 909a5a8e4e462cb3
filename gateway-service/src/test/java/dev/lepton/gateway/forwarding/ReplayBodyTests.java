package dev.lepton.gateway.forwarding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.util.IllegalReferenceCountException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Subscription;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.NettyDataBufferFactory;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;
import reactor.test.publisher.TestPublisher;

class ReplayBodyTests {

    private final NettyDataBufferFactory buffers =
            new NettyDataBufferFactory(UnpooledByteBufAllocator.DEFAULT);
    private final List<ByteBuf> made = new ArrayList<>();
    private final TestPublisher<DataBuffer> client = TestPublisher.create();
    private final ReplayBody body = new ReplayBody(client.flux(), 10);

    private void clientSends(String text) {
        ByteBuf buffer =
                UnpooledByteBufAllocator.DEFAULT
                        .buffer()
                        .writeBytes(text.getBytes(StandardCharsets.ISO_8859_1));
        made.add(buffer);
        client.next(buffers.wrap(buffer));
    }

    private static String taken(ByteBuf chunk) {
        String text = chunk.toString(StandardCharsets.ISO_8859_1);
        chunk.release();
        return text;
    }

    @AfterEach
    void everyBufferIsFreed() {
        body.release();
        assertThat(made).allMatch(buffer -> buffer.refCnt() == 0);
    }

    @Test
    void nothingIsReadFromTheClientBeforeAnAttemptReads() {
        body.read();

        client.assertWasNotSubscribed();
        assertThat(body.replayable()).isTrue();
    }

    /** As when an attempt begins on another thread than the client's own. */
    @Test
    void clientThatSubscribesLaterThanItWasAskedToIsReadAsWell() {
        List<Runnable> later = new ArrayList<>();
        ReplayBody late =
                new ReplayBody(client.flux().subscribeOn(Schedulers.fromExecutor(later::add)), 10);

        StepVerifier.create(late.read().map(ReplayBodyTests::taken))
                .then(() -> later.removeFirst().run())
                .then(() -> clientSends("abc"))
                .expectNext("abc")
                .thenCancel()
                .verify(Duration.ofSeconds(5));
        late.release();
    }

    @Test
    void chunkIsAskedForOnlyWhenTheOneBeforeIsTaken() {
        StepVerifier.create(body.read().map(ReplayBodyTests::taken), 1)
                .then(() -> client.assertMinRequested(1))
                .then(() -> clientSends("abc"))
                .expectNext("abc")
                .then(() -> client.assertMaxRequested(1))
                .thenRequest(1)
                .then(() -> client.assertMinRequested(1))
                .then(() -> clientSends("def"))
                .expectNext("def")
                .then(client::complete)
                .verifyComplete();
        assertThat(body.complete()).isTrue();
    }

    @Test
    void laterAttemptReplaysWhatCameAndGoesOnWithTheRest() {
        StepVerifier.create(body.read().map(ReplayBodyTests::taken))
                .then(() -> clientSends("abc"))
                .expectNext("abc")
                .thenCancel()
                .verify();

        StepVerifier.create(body.read().map(ReplayBodyTests::taken))
                .expectNext("abc")
                .then(() -> clientSends("def"))
                .expectNext("def")
                .then(client::complete)
                .verifyComplete();
    }

    @Test
    void completeBodyCanBeReadByTwoAttemptsAtOnce() {
        StepVerifier.create(body.read().map(ReplayBodyTests::taken))
                .then(() -> clientSends("abc"))
                .expectNext("abc")
                .then(client::complete)
                .verifyComplete();

        StepVerifier.create(
                        body.read()
                                .map(ReplayBodyTests::taken)
                                .zipWith(body.read().map(ReplayBodyTests::taken)))
                .expectNextMatches(both -> both.getT1().equals("abc") && both.getT2().equals("abc"))
                .verifyComplete();
    }

    @Test
    void bodyOfExactlyTheLimitCanBeSentAgainAndOneByteMoreCannot() {
        StepVerifier.create(body.read().map(ReplayBodyTests::taken))
                .then(() -> clientSends("0123456789"))
                .expectNext("0123456789")
                .then(() -> assertThat(body.replayable()).isTrue())
                .then(() -> clientSends("x"))
                .expectNext("x")
                .then(() -> assertThat(body.replayable()).isFalse())
                .then(client::complete)
                .verifyComplete();
    }

    @Test
    void bufferThatArrivesAfterTheReleaseIsFreed() {
        StepVerifier.create(body.read().map(ReplayBodyTests::taken))
                .then(() -> clientSends("abc"))
                .expectNext("abc")
                .then(body::release)
                .thenCancel()
                .verify();

        client.assertCancelled();
    }

    @Test
    void attemptThatStopsReadingLeavesNothingBehind() {
        StepVerifier.create(body.read().map(ReplayBodyTests::taken), 1)
                .then(() -> clientSends("0123456789x"))
                .expectNext("0123456789x")
                .thenCancel()
                .verify();
        StepVerifier.create(body.read().map(ReplayBodyTests::taken), 0)
                .then(() -> assertThat(body.replayable()).isFalse())
                .thenCancel()
                .verify();
    }

    @Test
    void attemptThatReadsEndsTheReadingOfTheOneBefore() {
        ChunkByChunk before = new ChunkByChunk();
        body.read().subscribe(before);
        before.request(1);
        clientSends("abc");
        before.request(1);
        ChunkByChunk now = new ChunkByChunk();
        body.read().subscribe(now);
        now.request(1);
        clientSends("0123456789");

        before.request(1);
        now.request(1);

        assertThat(before.texts).containsExactly("abc");
        assertThat(now.texts).containsExactly("abc", "0123456789");
    }

    /** Takes a chunk whenever the test says so. */
    private static final class ChunkByChunk extends BaseSubscriber<ByteBuf> {

        private final List<String> texts = new ArrayList<>();

        @Override
        protected void hookOnSubscribe(Subscription subscription) {
            // The test asks.
        }

        @Override
        protected void hookOnNext(ByteBuf chunk) {
            texts.add(taken(chunk));
        }
    }

    @Test
    void attemptThatBeginsAfterBytesWentByFailsAndSendsNothing() {
        StepVerifier.create(body.read().map(ReplayBodyTests::taken))
                .then(() -> clientSends("abc"))
                .expectNext("abc")
                .then(() -> clientSends("0123456789"))
                .expectNext("0123456789")
                .thenCancel()
                .verify();

        StepVerifier.create(body.read().map(ReplayBodyTests::taken))
                .verifyErrorMessage("a part of the body is no longer there");
    }

    @Test
    void bytesThatWaitForAnAttemptAreNotLost() {
        StepVerifier.create(body.read().map(ReplayBodyTests::taken), 1)
                .then(() -> clientSends("abc"))
                .expectNext("abc")
                .thenRequest(1)
                .then(() -> clientSends("def"))
                .expectNext("def")
                .thenCancel()
                .verify();

        StepVerifier.create(body.read().map(ReplayBodyTests::taken))
                .expectNext("abc", "def")
                .then(() -> clientSends("0123456789"))
                .expectNext("0123456789")
                .then(client::complete)
                .verifyComplete();
    }

    @Test
    void failureOfTheClientIsTheFailureOfTheBody() {
        StepVerifier.create(body.read().map(ReplayBodyTests::taken))
                .then(() -> clientSends("abc"))
                .expectNext("abc")
                .then(() -> client.error(new IllegalStateException("gone")))
                .verifyErrorMessage("gone");
        assertThat(body.replayable()).isFalse();
    }

    @Test
    void bufferThatSomeoneElseFreedKeepsNothingElseFromBeingReleased() {
        body.read().map(ReplayBodyTests::taken).subscribe();
        clientSends("abc");
        clientSends("def");
        made.getFirst().release();

        assertThatThrownBy(body::release).isInstanceOf(IllegalReferenceCountException.class);

        assertThat(made).allMatch(buffer -> buffer.refCnt() == 0);
        client.assertCancelled();
    }

    @Test
    void chunkOfACachedBodyIsThereWhenTheCacheIsFreed() {
        ReplayBody cached = ReplayBody.ofCached(client.flux(), 10);
        List<ByteBuf> sent = new ArrayList<>();
        cached.read().subscribe(sent::add);
        clientSends("abc");

        assertThat(made.getFirst().refCnt()).isZero();
        cached.release();
        assertThat(sent.getFirst().refCnt()).isEqualTo(1);
        assertThat(taken(sent.getFirst())).isEqualTo("abc");
    }
}
