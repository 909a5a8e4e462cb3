package dev.lepton.gateway.edge;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpServerUpgradeHandler;
import io.netty.handler.codec.http2.DefaultHttp2GoAwayFrame;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Flags;
import io.netty.handler.codec.http2.Http2FrameTypes;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Watches the bytes of an HTTP/2 connection before they are parsed: what has begun, be it the
 * preface, a frame or a head of several frames, must be whole in time. The codec waits for the rest
 * for ever. The payload of DATA is left to {@link BodyWatch}. A connection that turns out to be of
 * HTTP/1 is left to {@link HeadGuard}.
 */
final class FrameWatch extends ChannelInboundHandlerAdapter {

    private static final ByteBuf PREFACE = Http2CodecUtil.connectionPrefaceBuf();
    private static final int FRAME_HEAD = 9;
    private static final int TYPE_AT = 3;
    private static final int FLAGS_AT = 4;

    private final long limitNanos;
    private final Runnable whenExpired;

    private int prefaceSeen;

    /** Bytes of a frame's head that were seen, and what they say. */
    private int headSeen;

    private int length;
    private int type;
    private int flags;

    /** Bytes of a payload that are to come. */
    private int rest;

    private boolean inBlock;
    private boolean waiting;
    private long beganNanos;
    private @Nullable ScheduledFuture<?> look;

    FrameWatch(Duration limit, Runnable whenExpired) {
        this.limitNanos = limit.toNanos();
        this.whenExpired = whenExpired;
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        stop();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        stop();
        context.fireChannelInactive();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (message instanceof ByteBuf bytes && !follow(context, bytes)) {
            leave(context);
        }
        context.fireChannelRead(message);
    }

    /** Whether it is HTTP/2 so far. */
    private boolean follow(ChannelHandlerContext context, ByteBuf bytes) {
        boolean isNew = !waiting;
        int at = bytes.readerIndex();
        while (at < bytes.writerIndex()) {
            if (prefaceSeen < PREFACE.readableBytes()) {
                if (bytes.getByte(at++) != PREFACE.getByte(prefaceSeen++)) {
                    return false;
                }
            } else if (rest > 0) {
                int step = Math.min(rest, bytes.writerIndex() - at);
                rest -= step;
                at += step;
            } else {
                readHead(bytes.getByte(at++) & 0xff);
            }
            isNew |= isWhole();
        }
        waiting = !isWhole();
        if (!waiting) {
            stop();
        } else if (isNew) {
            beganNanos = context.executor().ticker().nanoTime();
            if (look == null) {
                lookAfter(context, limitNanos);
            }
        }
        return true;
    }

    private void readHead(int b) {
        if (headSeen < TYPE_AT) {
            length = (headSeen == 0 ? 0 : length << Byte.SIZE) | b;
        } else if (headSeen == TYPE_AT) {
            type = b;
        } else if (headSeen == FLAGS_AT) {
            flags = b;
        }
        headSeen++;
        if (headSeen == FRAME_HEAD) {
            headSeen = 0;
            rest = length;
            if (type == Http2FrameTypes.HEADERS || type == Http2FrameTypes.CONTINUATION) {
                inBlock = (flags & Http2Flags.END_HEADERS) == 0;
            }
        }
    }

    private boolean isWhole() {
        boolean preface = prefaceSeen == 0 || prefaceSeen == PREFACE.readableBytes();
        return preface && !inBlock && headSeen == 0 && (rest == 0 || type == Http2FrameTypes.DATA);
    }

    private void lookAfter(ChannelHandlerContext context, long nanos) {
        look = context.executor().schedule(() -> look(context), nanos, TimeUnit.NANOSECONDS);
    }

    private void look(ChannelHandlerContext context) {
        look = null;
        long left = beganNanos + limitNanos - context.executor().ticker().nanoTime();
        if (left > 0) {
            lookAfter(context, left);
            return;
        }
        whenExpired.run();
        if (prefaceSeen == PREFACE.readableBytes()) {
            context.pipeline()
                    .writeAndFlush(new DefaultHttp2GoAwayFrame(Http2Error.ENHANCE_YOUR_CALM));
        }
        context.close();
    }

    private void stop() {
        if (look != null) {
            look.cancel(false);
            look = null;
        }
    }

    private static void leave(ChannelHandlerContext context) {
        // An upgrade by a header (RFC 7540 3.2) is gone from RFC 9113, and would go past the rules.
        HttpServerUpgradeHandler upgrade = context.pipeline().get(HttpServerUpgradeHandler.class);
        if (upgrade != null) {
            context.pipeline().remove(upgrade);
        }
        context.pipeline().remove(context.handler());
    }
}
