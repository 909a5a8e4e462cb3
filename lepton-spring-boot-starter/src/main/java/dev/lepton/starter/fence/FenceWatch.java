package dev.lepton.starter.fence;

import dev.lepton.client.heartbeat.FenceTerms;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
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
    private final BooleanSupplier processEnds;
    private final LongSupplier nanos;
    private final Thread thread =
            Thread.ofPlatform().daemon().name("lepton-fence").unstarted(this::watch);
    private volatile boolean closed;

    /**
     * @param exit ends the process in order; may not return
     * @param halt ends the process at once
     * @param processEnds whether the process is ending, and not only its context
     */
    FenceWatch(
            Fence fence,
            Runnable exit,
            Runnable halt,
            BooleanSupplier processEnds,
            LongSupplier nanos) {
        this.fence = fence;
        this.exit = exit;
        this.halt = halt;
        this.processEnds = processEnds;
        this.nanos = nanos;
    }

    /** Ends this process itself. */
    public static FenceWatch ofThisProcess(Fence fence, LongSupplier nanos) {
        return new FenceWatch(
                fence,
                () -> System.exit(FenceTerms.EXIT_CODE),
                () -> Runtime.getRuntime().halt(FenceTerms.EXIT_CODE),
                FenceWatch::thisProcessEnds,
                nanos);
    }

    private static boolean thisProcessEnds() {
        Thread hook = Thread.ofPlatform().unstarted(() -> {});
        try {
            Runtime.getRuntime().addShutdownHook(hook);
            Runtime.getRuntime().removeShutdownHook(hook);
            return false;
        } catch (IllegalStateException e) {
            // No hook is taken any more.
            return true;
        }
    }

    public void start() {
        thread.start();
    }

    /**
     * The context is closed. A process that ends with it goes on to be timed: it beats no more, and
     * what the application's own beans still do is at work.
     */
    @Override
    public void close() {
        closed = !processEnds.getAsBoolean();
    }

    boolean watches() {
        return thread.isAlive();
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
