package dev.lepton.gateway.forwarding;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.handler.timeout.ReadTimeoutException;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import reactor.netty.Connection;

/**
 * Breaks a response off when its unit was asked for more of the body and sends nothing for a while.
 * While the client does not take what came before, nothing is asked for and no time passes: a slow
 * client is not the unit's fault.
 */
final class BodyIdleLimit extends ChannelOutboundHandlerAdapter {

    private static final String NAME = "lepton.bodyIdleLimit";

    private final long limitNanos;
    private long askedNanos;
    private @Nullable ScheduledFuture<?> look;

    private BodyIdleLimit(Duration limit) {
        this.limitNanos = limit.toNanos();
    }

    /** Watches one response until it has ended; called on its connection's event loop. */
    static void watch(Connection response, Duration limit) {
        BodyIdleLimit watching = new BodyIdleLimit(limit);
        response.channel().pipeline().addFirst(NAME, watching);
        response.onTerminate()
                .subscribe(
                        nothing -> {},
                        error -> {},
                        () -> {
                            if (response.channel().pipeline().get(NAME) == watching) {
                                response.channel().pipeline().remove(watching);
                            }
                        });
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        askedNanos = now(context);
        lookAfter(context, limitNanos);
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        if (look != null) {
            look.cancel(false);
        }
    }

    /** Comes with every chunk, and when the client has taken enough to go on. */
    @Override
    public void read(ChannelHandlerContext context) {
        askedNanos = now(context);
        context.read();
    }

    private void lookAfter(ChannelHandlerContext context, long nanos) {
        look = context.executor().schedule(() -> look(context), nanos, TimeUnit.NANOSECONDS);
    }

    private void look(ChannelHandlerContext context) {
        boolean asked = context.channel().config().isAutoRead();
        long rest = asked ? askedNanos + limitNanos - now(context) : limitNanos;
        if (rest > 0) {
            lookAfter(context, rest);
        } else {
            context.fireExceptionCaught(ReadTimeoutException.INSTANCE);
            context.close();
        }
    }

    private static long now(ChannelHandlerContext context) {
        return context.executor().ticker().nanoTime();
    }
}
