package dev.lepton.gateway.forwarding;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.CompositeByteBuf;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.HttpHeaderNames;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.NettyDataBufferFactory;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;
import reactor.netty.Connection;
import reactor.netty.http.client.HttpClientResponse;
import reactor.util.context.Context;

/**
 * The body of a response that its unit announced as a short one, as a whole: the client then gets
 * it in one write with the head, and a unit that dies between the two has not begun to answer.
 */
final class ShortBody extends Mono<DataBuffer> {

    /** In bytes: what units send in one piece. */
    private static final int SHORT = 16 * 1024;

    private final Connection connection;
    private final NettyDataBufferFactory buffers;
    private final Runnable whenWhole;

    /**
     * @param whenWhole run before the body goes on
     */
    ShortBody(Connection connection, NettyDataBufferFactory buffers, Runnable whenWhole) {
        this.connection = connection;
        this.buffers = buffers;
        this.whenWhole = whenWhole;
    }

    /** Whether the end of the body follows its beginning at once. */
    static boolean isShort(HttpClientResponse response) {
        return response.responseHeaders().getInt(HttpHeaderNames.CONTENT_LENGTH, Integer.MAX_VALUE)
                <= SHORT;
    }

    @Override
    public void subscribe(CoreSubscriber<? super DataBuffer> subscriber) {
        connection.inbound().receive().subscribe(new Gathering(subscriber));
    }

    private final class Gathering implements CoreSubscriber<ByteBuf>, Subscription {

        private final CoreSubscriber<? super DataBuffer> subscriber;
        private @Nullable Subscription source;
        private @Nullable ByteBuf body;
        private boolean over;

        Gathering(CoreSubscriber<? super DataBuffer> subscriber) {
            this.subscriber = subscriber;
        }

        @Override
        public Context currentContext() {
            return subscriber.currentContext();
        }

        @Override
        public void onSubscribe(Subscription subscription) {
            source = subscription;
            subscriber.onSubscribe(this);
        }

        @Override
        public void request(long n) {
            if (source != null) {
                source.request(Long.MAX_VALUE);
            }
        }

        /** Whoever sends it releases it afterwards. */
        @Override
        public void onNext(ByteBuf part) {
            if (!over) {
                body = body == null ? part.retain() : joined(body, part.retain());
            }
        }

        private ByteBuf joined(ByteBuf body, ByteBuf part) {
            CompositeByteBuf whole =
                    body instanceof CompositeByteBuf known
                            ? known
                            : body.alloc().compositeBuffer().addComponent(true, body);
            return whole.addComponent(true, part);
        }

        @Override
        public void onComplete() {
            ByteBuf whole = body;
            if (over) {
                return;
            }
            over = true;
            body = null;
            whenWhole.run();
            if (whole != null) {
                subscriber.onNext(buffers.wrap(whole));
            }
            subscriber.onComplete();
        }

        @Override
        public void onError(Throwable error) {
            if (!over) {
                release();
                subscriber.onError(error);
            }
        }

        /** Comes from anywhere; all the rest from the event loop. */
        @Override
        public void cancel() {
            EventLoop loop = connection.channel().eventLoop();
            if (loop.inEventLoop()) {
                release();
            } else {
                loop.execute(this::release);
            }
            if (source != null) {
                source.cancel();
            }
        }

        private void release() {
            over = true;
            ByteBuf gathered = body;
            body = null;
            if (gathered != null) {
                gathered.release();
            }
        }
    }
}
