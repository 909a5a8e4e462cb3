package dev.lepton.gateway.forwarding;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;
import reactor.netty.Connection;
import reactor.netty.http.client.HttpClientResponse;
import reactor.util.context.Context;

/** Reads the body of a short answer, and tells its attempt of the answer when it is whole. */
final class Gathering extends Mono<Void> {

    private final HttpClientResponse response;
    private final Connection connection;
    private final Attempt attempt;

    Gathering(HttpClientResponse response, Connection connection, Attempt attempt) {
        this.response = response;
        this.connection = connection;
        this.attempt = attempt;
    }

    @Override
    public void subscribe(CoreSubscriber<? super Void> subscriber) {
        attempt.answering();
        connection.inbound().receive().subscribe(new Parts(subscriber));
    }

    private final class Parts implements CoreSubscriber<ByteBuf>, Subscription {

        private final CoreSubscriber<? super Void> subscriber;

        /** As long as the answer is not whole the connection is at it. */
        private final Channel channel = connection.channel();

        private @Nullable Subscription source;
        private @Nullable ByteBuf body;
        private boolean over;

        Parts(CoreSubscriber<? super Void> subscriber) {
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
                body = WholeBody.joined(body, part.retain());
            }
        }

        @Override
        public void onComplete() {
            if (!over) {
                over = true;
                WholeBody whole = new WholeBody(channel, body);
                body = null;
                attempt.answered(response, whole);
                subscriber.onComplete();
            }
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
            EventLoop loop = channel.eventLoop();
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
