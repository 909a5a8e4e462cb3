package dev.lepton.gateway.edge;

import io.netty.channel.ChannelHandlerContext;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * How long the body of a request may stop coming while more of it is asked for. Once its response
 * has begun it has all the time, and once that is complete, what is left of the body has the limit
 * in all: nobody wants it, and it stands before the next request.
 */
final class BodyWatch {

    private final long limitNanos;
    private final BooleanSupplier isAwaited;
    private final Runnable whenExpired;

    private boolean open;
    private boolean responding;
    private boolean leftOver;
    private long askedNanos;
    private @Nullable ScheduledFuture<?> look;

    /**
     * @param isAwaited whether the server takes what comes; else the client is not to blame
     */
    BodyWatch(Duration limit, BooleanSupplier isAwaited, Runnable whenExpired) {
        this.limitNanos = limit.toNanos();
        this.isAwaited = isAwaited;
        this.whenExpired = whenExpired;
    }

    void begin() {
        open = true;
        leftOver = false;
    }

    void end() {
        open = false;
    }

    boolean isOpen() {
        return open;
    }

    /** More is asked for. */
    void asked(ChannelHandlerContext context) {
        if (open && !leftOver) {
            askedNanos = now(context);
        }
    }

    /** All is read that has come. */
    void waits(ChannelHandlerContext context) {
        if (open && look == null) {
            askedNanos = now(context);
            lookAfter(context, limitNanos);
        }
    }

    void responseBegan() {
        responding = true;
    }

    boolean isResponding() {
        return responding;
    }

    void responseEnded(ChannelHandlerContext context, boolean another) {
        responding = false;
        if (open && !another) {
            leftOver = true;
            askedNanos = now(context);
        }
    }

    void stop() {
        open = false;
        if (look != null) {
            look.cancel(false);
        }
    }

    private void lookAfter(ChannelHandlerContext context, long nanos) {
        look = context.executor().schedule(() -> look(context), nanos, TimeUnit.NANOSECONDS);
    }

    private void look(ChannelHandlerContext context) {
        look = null;
        if (!open) {
            return;
        }
        boolean counts = leftOver || (!responding && isAwaited.getAsBoolean());
        long rest = counts ? askedNanos + limitNanos - now(context) : limitNanos;
        if (rest > 0) {
            lookAfter(context, rest);
        } else {
            whenExpired.run();
        }
    }

    private static long now(ChannelHandlerContext context) {
        return context.executor().ticker().nanoTime();
    }
}
