package dev.lepton.gateway.leaving;

import io.netty.channel.Channel;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.springframework.context.SmartLifecycle;
import reactor.netty.DisposableServer;

/**
 * The end of the gateway's server. A connection that is closed while its client sends on it loses a
 * request that the client may not send again, so none is closed before its client was told: new
 * ones are refused at once, which a client takes elsewhere, and every answer on those that are open
 * says that it is the last. Connections are closed when every request is answered and the others
 * had {@link #QUIET} to send one.
 *
 * <p>It comes before the server's own end, for which nothing is left to do then. How long it may
 * take altogether is {@code spring.lifecycle.timeout-per-shutdown-phase}.
 */
final class Leaving implements SmartLifecycle {

    /** A client that has sent nothing for so long is not about to, as far as anybody can tell. */
    private static final Duration QUIET = Duration.ofSeconds(1);

    private static final Duration LOOK = Duration.ofMillis(20);

    private final LongSupplier nanoTime;
    private final ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
    private final AtomicInteger unanswered = new AtomicInteger();
    private volatile @Nullable DisposableServer server;
    private volatile boolean begun;
    private volatile boolean running;

    Leaving(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    void bound(DisposableServer bound) {
        server = bound;
    }

    void opened(Channel connection) {
        connections.add(connection);
        if (begun) {
            LastAnswers.on(connection);
        }
    }

    void requestCame() {
        unanswered.incrementAndGet();
    }

    void requestEnded() {
        unanswered.decrementAndGet();
    }

    @Override
    public void stop(Runnable ended) {
        begun = true;
        DisposableServer listening = server;
        if (listening != null) {
            listening.dispose();
        }
        connections.forEach(LastAnswers::on);
        look(nanoTime.getAsLong(), ended);
    }

    private void look(long sinceNanos, Runnable ended) {
        boolean quiet = nanoTime.getAsLong() - sinceNanos >= QUIET.toNanos();
        if (connections.isEmpty() || (quiet && unanswered.get() == 0)) {
            connections.close().addListener(_ -> end(ended));
        } else {
            GlobalEventExecutor.INSTANCE.schedule(
                    () -> look(sinceNanos, ended), LOOK.toNanos(), TimeUnit.NANOSECONDS);
        }
    }

    private void end(Runnable ended) {
        running = false;
        ended.run();
    }

    @Override
    public void stop() {
        stop(() -> {});
    }

    @Override
    public void start() {
        running = true;
    }

    @Override
    public boolean isRunning() {
        return running;
    }
}
