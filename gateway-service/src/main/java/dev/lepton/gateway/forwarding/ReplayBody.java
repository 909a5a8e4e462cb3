package dev.lepton.gateway.forwarding;

import io.netty.buffer.ByteBuf;
import io.netty.util.IllegalReferenceCountException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.NettyDataBufferFactory;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Operators;

/**
 * A request body that streams through and keeps a copy of its first bytes: each attempt reads what
 * is kept and goes on with what is still to come. It is read from the client only as fast as an
 * attempt asks for it, and not at all before the first attempt has a connection. Beyond the limit
 * nothing is kept and the body cannot be sent again.
 *
 * <p>Only one attempt reads at a time until the body is complete, and the next one that does ends
 * the reading of the one before; then any number may. Once a byte went by that was not kept, an
 * attempt that begins fails instead of sending a body with a hole.
 */
final class ReplayBody {

    private final Flux<DataBuffer> source;
    private final long limit;
    private final FromClient fromClient = new FromClient();

    // Guarded by this.
    private final List<ByteBuf> kept = new ArrayList<>();
    private final Queue<ByteBuf> passing = new ArrayDeque<>();
    private long keptBytes;
    private boolean subscribed;
    private boolean asked;
    private boolean overflowed;
    private boolean lost;
    private boolean complete;
    private boolean released;
    private @Nullable Throwable failure;
    private @Nullable Reader current;

    ReplayBody(Flux<DataBuffer> source, long limit) {
        this.source = source;
        this.limit = limit;
    }

    /**
     * Of a body that someone else frees with the request, however many still have to do with it.
     */
    static ReplayBody ofCached(Flux<DataBuffer> source, long limit) {
        return new ReplayBody(source.map(ReplayBody::copy), limit);
    }

    private static DataBuffer copy(DataBuffer cached) {
        ByteBuf original = NettyDataBufferFactory.toByteBuf(cached);
        try {
            return new NettyDataBufferFactory(original.alloc()).wrap(original.copy());
        } finally {
            original.release();
        }
    }

    /** Whether the next attempt can send it from its first byte. */
    synchronized boolean replayable() {
        return !overflowed && !lost && failure == null;
    }

    /** Whether an attempt can no longer read it to its end. */
    synchronized boolean broken() {
        return failure != null;
    }

    /** Whether the client has sent all of it. */
    synchronized boolean complete() {
        return complete;
    }

    /** The body from its first byte, for one attempt. */
    Flux<ByteBuf> read() {
        return Flux.from(subscriber -> {
            Reader reader = new Reader(Operators.toCoreSubscriber(subscriber));
            synchronized (this) {
                if (!complete && current != null) {
                    current.ended = true;
                }
                if (lost && failure == null) {
                    failure = new IllegalStateException("a part of the body is no longer there");
                }
                current = reader;
            }
            reader.actual.onSubscribe(reader);
        });
    }

    /** Frees what is kept, and reads no more from the client. */
    void release() {
        boolean cancel;
        List<ByteBuf> held = new ArrayList<>();
        synchronized (this) {
            if (released) {
                return;
            }
            released = true;
            held.addAll(kept);
            kept.clear();
            held.addAll(passing);
            passing.clear();
            cancel = subscribed && !complete;
        }
        try {
            releaseEach(held);
        } finally {
            if (cancel) {
                fromClient.cancel();
            }
        }
    }

    /** Also those behind one that cannot be, because someone else has freed it. */
    private static void releaseEach(List<ByteBuf> held) {
        IllegalReferenceCountException first = null;
        for (ByteBuf chunk : held) {
            try {
                chunk.release();
            } catch (IllegalReferenceCountException e) {
                first = first == null ? e : first;
            }
        }
        if (first != null) {
            throw first;
        }
    }

    private void keepOrPass(ByteBuf chunk) {
        asked = false;
        if (released) {
            chunk.release();
        } else if (!overflowed && keptBytes + chunk.readableBytes() <= limit) {
            kept.add(chunk);
            keptBytes += chunk.readableBytes();
        } else {
            overflowed = true;
            passing.add(chunk);
        }
    }

    private void drainCurrent() {
        Reader reader;
        synchronized (this) {
            reader = current;
        }
        if (reader != null) {
            reader.drain();
        }
    }

    private final class FromClient extends BaseSubscriber<DataBuffer> {

        @Override
        protected void hookOnSubscribe(Subscription subscription) {
            // Each later chunk is asked for when an attempt has taken the one before. This one is
            // asked for here: on another thread than its own the client subscribes later.
            subscription.request(1);
        }

        @Override
        protected void hookOnNext(DataBuffer buffer) {
            synchronized (ReplayBody.this) {
                keepOrPass(NettyDataBufferFactory.toByteBuf(buffer));
            }
            drainCurrent();
        }

        @Override
        protected void hookOnComplete() {
            synchronized (ReplayBody.this) {
                complete = true;
            }
            drainCurrent();
        }

        @Override
        protected void hookOnError(Throwable error) {
            synchronized (ReplayBody.this) {
                failure = error;
            }
            drainCurrent();
        }
    }

    private enum Step {
        EMIT,
        ASK,
        SUBSCRIBE,
        COMPLETE,
        FAIL,
        WAIT
    }

    private final class Reader implements Subscription {

        private final CoreSubscriber<? super ByteBuf> actual;
        private final AtomicInteger work = new AtomicInteger();
        private int next;
        private long demand;
        private boolean ended;
        private @Nullable ByteBuf chunk;

        Reader(CoreSubscriber<? super ByteBuf> actual) {
            this.actual = actual;
        }

        @Override
        public void request(long n) {
            synchronized (ReplayBody.this) {
                demand = Operators.addCap(demand, n);
            }
            drain();
        }

        @Override
        public void cancel() {
            synchronized (ReplayBody.this) {
                ended = true;
            }
        }

        void drain() {
            if (work.getAndIncrement() != 0) {
                return;
            }
            int missed = 1;
            do {
                while (act(step())) {
                    continue;
                }
                missed = work.addAndGet(-missed);
            } while (missed != 0);
        }

        private Step step() {
            synchronized (ReplayBody.this) {
                if (ended) {
                    return Step.WAIT;
                }
                if (released) {
                    ended = true;
                    return Step.FAIL;
                }
                if (failure != null && lost) {
                    ended = true;
                    return Step.FAIL;
                }
                boolean some = next < kept.size() || !passing.isEmpty();
                if (some && demand > 0) {
                    demand--;
                    chunk = next < kept.size() ? kept.get(next++).retainedSlice() : pass();
                    return Step.EMIT;
                }
                if (some) {
                    return Step.WAIT;
                }
                if (complete || failure != null) {
                    ended = true;
                    return complete ? Step.COMPLETE : Step.FAIL;
                }
                if (demand == 0 || asked) {
                    return Step.WAIT;
                }
                asked = true;
                boolean first = !subscribed;
                subscribed = true;
                return first ? Step.SUBSCRIBE : Step.ASK;
            }
        }

        private @Nullable ByteBuf pass() {
            lost = true;
            return passing.poll();
        }

        /** Returns whether there may be more to do. */
        private boolean act(Step step) {
            switch (step) {
                case EMIT -> actual.onNext(taken());
                case SUBSCRIBE -> source.subscribe(fromClient);
                case ASK -> fromClient.request(1);
                case COMPLETE -> actual.onComplete();
                case FAIL -> actual.onError(whyFailed());
                case WAIT -> {
                    return false;
                }
            }
            return true;
        }

        private ByteBuf taken() {
            ByteBuf taken = chunk;
            chunk = null;
            if (taken == null) {
                throw new IllegalStateException("a chunk is emitted that was not taken");
            }
            return taken;
        }

        private Throwable whyFailed() {
            synchronized (ReplayBody.this) {
                return failure != null
                        ? failure
                        : new IllegalStateException("the request is over, its body is released");
            }
        }
    }
}
