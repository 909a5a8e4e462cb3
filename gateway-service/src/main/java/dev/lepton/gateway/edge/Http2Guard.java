package dev.lepton.gateway.edge;

import dev.lepton.gateway.settings.EdgeSettings;
import io.micrometer.core.instrument.Counter;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.DefaultHttp2WindowUpdateFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameStream;
import io.netty.handler.codec.http2.Http2FrameStreamEvent;
import io.netty.handler.codec.http2.Http2FrameStreamException;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2PriorityFrame;
import io.netty.handler.codec.http2.Http2Stream;
import io.netty.handler.codec.http2.Http2StreamFrame;
import io.netty.handler.codec.http2.Http2UnknownFrame;
import io.netty.handler.codec.http2.Http2WindowUpdateFrame;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.collection.IntObjectHashMap;
import io.netty.util.collection.IntObjectMap;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.springframework.util.unit.DataSize;

/**
 * Stands between the codec of an HTTP/2 connection and its streams, and lets only frames through
 * that make a request which breaks no rule. Nothing else is ever made a request of HTTP/1.1:
 * Netty's conversion takes a second head on a stream for another request and the frames of an
 * unknown type for a body, and loses a buffer over each method or path that it refuses itself.
 */
final class Http2Guard extends ChannelDuplexHandler {

    private static final long NO_LIMIT = -1;

    /** In which a client may make room for its answer. */
    private static final long LINGER_MILLIS = 1000;

    private final Http2Rules rules;
    private final EdgeMetrics metrics;
    private final Counter floods;
    private final Counter broken;
    private final long maxBody;
    private final Duration bodyIdle;
    private final IntObjectMap<Exchange> open = new IntObjectHashMap<>();

    Http2Guard(RequestRules rules, EdgeSettings settings, EdgeMetrics metrics) {
        this.rules = new Http2Rules(rules);
        this.metrics = metrics;
        this.floods = metrics.refused("http2-flood");
        this.broken = metrics.refused("http2-protocol");
        DataSize limit = settings.maxBody();
        this.maxBody = limit == null ? NO_LIMIT : limit.toBytes();
        this.bodyIdle = settings.bodyIdle();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext here) {
        open.values().forEach(exchange -> exchange.body.stop());
        open.clear();
    }

    @Override
    public void channelRead(ChannelHandlerContext here, Object message) {
        switch (message) {
            case Http2HeadersFrame head -> takeHead(here, head);
            case Http2DataFrame data -> takeData(here, data);
            case Http2UnknownFrame unknown -> unknown.release();
            case Http2PriorityFrame _ -> {}
            default -> here.fireChannelRead(message);
        }
    }

    private void takeHead(ChannelHandlerContext here, Http2HeadersFrame head) {
        Exchange known = open.get(head.stream().id());
        if (known != null) {
            takeTrailers(here, head, known);
            return;
        }
        Exchange exchange = new Exchange(here, head);
        open.put(head.stream().id(), exchange);
        Refusal found = rules.check(head.headers());
        if (found != null) {
            refuse(here, exchange, found);
            return;
        }
        Http2Rules.rewrite(head.headers());
        if (!head.isEndStream()) {
            exchange.body.begin();
        }
        here.fireChannelRead(head);
        // What the server takes to begin is not the client's time.
        exchange.body.waits(here);
    }

    /** They go no further, as in HTTP/1.1: what is passed on is the end of the body. */
    private void takeTrailers(
            ChannelHandlerContext here, Http2HeadersFrame trailers, Exchange exchange) {
        if (exchange.refused || Http2Rules.areTrailers(trailers.headers())) {
            takeData(here, new DefaultHttp2DataFrame(true).stream(exchange.stream));
        } else {
            exchange.requestEnded = true;
            refuse(here, exchange, Refusal.MALFORMED);
        }
    }

    private void takeData(ChannelHandlerContext here, Http2DataFrame data) {
        Exchange exchange = open.get(data.stream().id());
        if (exchange == null) {
            drop(here, data);
            return;
        }
        exchange.requestEnded |= data.isEndStream();
        exchange.bodySeen += data.content().readableBytes();
        boolean tooLarge = maxBody != NO_LIMIT && exchange.bodySeen > maxBody;
        if (exchange.refused || tooLarge) {
            drop(here, data);
            if (!exchange.refused) {
                refuse(here, exchange, Refusal.BODY_TOO_LARGE);
            }
            return;
        }
        exchange.untaken += data.initialFlowControlledBytes();
        exchange.body.asked(here);
        if (data.isEndStream()) {
            exchange.body.stop();
        }
        here.fireChannelRead(data);
    }

    private static void drop(ChannelHandlerContext here, Http2DataFrame data) {
        int bytes = data.initialFlowControlledBytes();
        Http2FrameStream stream = data.stream();
        data.release();
        if (bytes > 0) {
            here.write(new DefaultHttp2WindowUpdateFrame(bytes).stream(stream));
        }
    }

    private void refuse(ChannelHandlerContext here, Exchange exchange, Refusal found) {
        metrics.refused(found);
        exchange.refused = true;
        exchange.body.stop();
        if (exchange.responding) {
            reset(here, exchange, Http2Error.CANCEL);
            return;
        }
        ChannelFuture answer = LastAnswer.send(found, here, exchange.stream, exchange.isHead);
        answer.addListener(_ -> {
            if (!exchange.requestEnded) {
                reset(here, exchange, Http2Error.NO_ERROR);
            }
        });
        if (!answer.isDone()) {
            here.executor()
                    .schedule(
                            () -> reset(here, exchange, Http2Error.NO_ERROR),
                            LINGER_MILLIS,
                            TimeUnit.MILLISECONDS);
        }
    }

    /** Ends a stream that has not ended, which is how the server learns of it as well. */
    private void reset(ChannelHandlerContext here, Exchange exchange, Http2Error error) {
        if (open.get(exchange.stream.id()) == exchange) {
            here.writeAndFlush(new DefaultHttp2ResetFrame(error).stream(exchange.stream));
        }
    }

    private void bodyExpired(ChannelHandlerContext here, Exchange exchange) {
        if (exchange.responding) {
            reset(here, exchange, Http2Error.NO_ERROR);
        } else {
            refuse(here, exchange, Refusal.BODY_TIMEOUT);
        }
    }

    @Override
    public void write(ChannelHandlerContext here, Object message, ChannelPromise promise) {
        Exchange exchange = exchangeOf(message);
        if (exchange == null) {
            here.write(message, promise);
        } else if (message instanceof Http2WindowUpdateFrame taken) {
            exchange.untaken -= taken.windowSizeIncrement();
            exchange.body.asked(here);
            here.write(message, promise);
        } else if (exchange.refused) {
            ReferenceCountUtil.release(message);
            promise.trySuccess();
        } else {
            boolean end = isEnd(message);
            exchange.responding |= end || isBegin(message);
            here.write(message, promise);
            if (exchange.responding) {
                exchange.body.responseBegan();
            }
            if (end) {
                exchange.body.responseEnded(here, false);
            }
        }
    }

    private @Nullable Exchange exchangeOf(Object message) {
        return message instanceof Http2StreamFrame frame && frame.stream() != null
                ? open.get(frame.stream().id())
                : null;
    }

    private static boolean isBegin(Object message) {
        return message instanceof Http2HeadersFrame head
                && head.headers().status() != null
                && HttpStatusClass.valueOf(head.headers().status())
                        != HttpStatusClass.INFORMATIONAL;
    }

    private static boolean isEnd(Object message) {
        return (message instanceof Http2HeadersFrame head && head.isEndStream())
                || (message instanceof Http2DataFrame data && data.isEndStream());
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext here, Object event) {
        if (event instanceof Http2FrameStreamEvent changed
                && changed.stream().state() == Http2Stream.State.CLOSED) {
            Exchange closed = open.remove(changed.stream().id());
            if (closed != null) {
                closed.body.stop();
            }
        }
        here.fireUserEventTriggered(event);
    }

    /** The codec ends what it finds broken; what a client does is no failure of the gateway. */
    @Override
    public void exceptionCaught(ChannelHandlerContext here, Throwable cause) {
        switch (cause) {
            case Http2FrameStreamException ofStream -> {
                metrics.refused(Refusal.MALFORMED);
                here.writeAndFlush(
                        new DefaultHttp2ResetFrame(ofStream.error()).stream(ofStream.stream()));
            }
            case Http2Exception ofConnection ->
                    (ofConnection.error() == Http2Error.ENHANCE_YOUR_CALM ? floods : broken)
                            .increment();
            case IOException _ -> {}
            default -> here.fireExceptionCaught(cause);
        }
    }

    /** A request and its response, as far as they have come. */
    private final class Exchange {

        final Http2FrameStream stream;
        final boolean isHead;
        final BodyWatch body;
        boolean requestEnded;
        boolean responding;
        boolean refused;
        long bodySeen;

        /**
         * Bytes of the body that the server has not asked to go on after; so long it is to blame.
         */
        int untaken;

        Exchange(ChannelHandlerContext here, Http2HeadersFrame head) {
            stream = head.stream();
            isHead = "HEAD".contentEquals(String.valueOf(head.headers().method()));
            requestEnded = head.isEndStream();
            body = new BodyWatch(bodyIdle, () -> untaken == 0, () -> bodyExpired(here, this));
        }
    }
}
