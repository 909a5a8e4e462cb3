package dev.lepton.client.watch;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Writes the newest picture to disk on a thread of its own, one write per pause at most, so that a
 * slow disk does not hold up the watch.
 */
final class DiskListWriter implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger(DiskListWriter.class.getName());
    private static final int CLOSE_SECONDS = 5;

    private final DiskList disk;
    private final Duration pause;
    private final AtomicReference<@Nullable Fleet> pending = new AtomicReference<>();
    private final ScheduledThreadPoolExecutor thread;
    private volatile boolean failing;

    DiskListWriter(DiskList disk, Duration pause) {
        this.disk = disk;
        this.pause = pause;
        this.thread =
                new ScheduledThreadPoolExecutor(
                        1, Thread.ofPlatform().daemon().name("lepton-watch-disk").factory());
        this.thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    void changed(Fleet fleet) {
        if (pending.getAndSet(fleet) == null) {
            writeSoon();
        }
    }

    private void writeSoon() {
        try {
            thread.schedule(this::write, pause.toNanos(), TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            // Closed meanwhile: close() has written, or writes, what was known then.
        }
    }

    /** Whether the last attempt to write failed. */
    boolean failing() {
        return failing;
    }

    /** Writes what is still waiting. */
    @Override
    public void close() {
        try {
            thread.submit(this::write).get(CLOSE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException | RejectedExecutionException e) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "the disk list may lack the last changes: {0}",
                    e.toString());
        } finally {
            thread.shutdown();
        }
    }

    private void write() {
        Fleet fleet = pending.getAndSet(null);
        if (fleet == null || fleet.position() == null) {
            return;
        }
        try {
            disk.store(
                    new FleetList(
                            fleet.position(),
                            List.copyOf(fleet.units().values()),
                            List.copyOf(fleet.desired().values())));
            failing = false;
        } catch (IOException | RuntimeException e) {
            LOG.log(
                    failing ? System.Logger.Level.DEBUG : System.Logger.Level.WARNING,
                    "the disk list was not written: {0}",
                    e.toString());
            failing = true;
            // The disk may have room again, and nothing else may change for long.
            if (pending.compareAndSet(null, fleet)) {
                writeSoon();
            }
        }
    }
}
