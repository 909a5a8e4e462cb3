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
 * client is not the unit's fault. It stays on its connection from response to response, with at
 * most one timer that none of them stops: most are over long before it looks.
 */
final class BodyIdleLimit extends ChannelOutboundHandlerAdapter {

    private static final String NAME = "lepton.bodyIdleLimit";

    private final long limitNanos;
    private @Nullable ChannelHandlerContext context;
    private @Nullable ScheduledFuture<?> look;

    /** Of the response that is under way, if there is one. */
    private boolean watching;

    private long askedNanos;

    private BodyIdleLimit(Duration limit) {
        this.limitNanos = limit.toNanos();
    }

    /** Watches one response until it has ended; called on its connection's event loop. */
    static void watch(Connection response, Duration limit) {
        BodyIdleLimit watching = of(response, limit);
        watching.begin();
        response.onTerminate().subscribe(nothing -> {}, error -> {}, watching::end);
    }

    private static BodyIdleLimit of(Connection response, Duration limit) {
        if (response.channel().pipeline().get(NAME) instanceof BodyIdleLimit known) {
            return known;
        }
        BodyIdleLimit added = new BodyIdleLimit(limit);
        response.channel().pipeline().addFirst(NAME, added);
        return added;
    }

    private void begin() {
        if (context != null) {
            watching = true;
            askedNanos = now(context);
            if (look == null) {
                lookAfter(context, limitNanos);
            }
        }
    }

    private void end() {
        watching = false;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext added) {
        context = added;
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext removed) {
        watching = false;
        if (look != null) {
            look.cancel(false);
        }
    }

    /** Comes with every chunk, and when the client has taken enough to go on. */
    @Override
    public void read(ChannelHandlerContext here) {
        askedNanos = now(here);
        here.read();
    }

    private void lookAfter(ChannelHandlerContext here, long nanos) {
        look = here.executor().schedule(() -> look(here), nanos, TimeUnit.NANOSECONDS);
    }

    private void look(ChannelHandlerContext here) {
        look = null;
        if (!watching) {
            return;
        }
        boolean asked = here.channel().config().isAutoRead();
        long rest = asked ? askedNanos + limitNanos - now(here) : limitNanos;
        if (rest > 0) {
            lookAfter(here, rest);
        } else {
            here.fireExceptionCaught(ReadTimeoutException.INSTANCE);
            here.close();
        }
    }

    private static long now(ChannelHandlerContext here) {
        return here.executor().ticker().nanoTime();
    }
}
