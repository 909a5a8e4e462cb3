package dev.lepton.starter.fence;

import dev.lepton.client.heartbeat.FenceTerms;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends the process of an exclusive unit once its fence is closed: in order, or at once when the
 * time for that is up. A thread of its own watches, since the one that beats may wait for an
 * answer.
 */
public final class FenceWatch implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(FenceWatch.class);
    private static final Duration LOOK = Duration.ofMillis(50);

    private final Fence fence;
    private final Runnable exit;
    private final Runnable halt;
    private final LongSupplier nanos;
    private volatile boolean closed;

    /**
     * @param exit ends the process in order; may not return
     * @param halt ends the process at once
     */
    FenceWatch(Fence fence, Runnable exit, Runnable halt, LongSupplier nanos) {
        this.fence = fence;
        this.exit = exit;
        this.halt = halt;
        this.nanos = nanos;
    }

    /** Ends this process itself. */
    public static FenceWatch ofThisProcess(Fence fence, LongSupplier nanos) {
        return new FenceWatch(
                fence,
                () -> System.exit(FenceTerms.EXIT_CODE),
                () -> Runtime.getRuntime().halt(FenceTerms.EXIT_CODE),
                nanos);
    }

    public void start() {
        Thread.ofPlatform().daemon().name("lepton-fence").start(this::watch);
    }

    /** An orderly stop has come to its end. One that was begun by the fence goes on to be timed. */
    @Override
    public void close() {
        closed = true;
    }

    private void watch() {
        while (!fence.closed(nanos.getAsLong())) {
            if (closed) {
                return;
            }
            LockSupport.parkNanos(LOOK.toNanos());
        }
        log.error(
                "No registry confirms this exclusive unit: it takes no request any more and exits"
                        + " with code {}",
                FenceTerms.EXIT_CODE);
        Thread.ofPlatform().daemon().name("lepton-fence-exit").start(exit);
        while (fence.leftToEnd(nanos.getAsLong()) > 0) {
            LockSupport.parkNanos(LOOK.toNanos());
        }
        halt.run();
    }
}
