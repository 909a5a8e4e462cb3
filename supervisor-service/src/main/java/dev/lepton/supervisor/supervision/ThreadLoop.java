package dev.lepton.supervisor.supervision;

import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An event loop with a thread of its own. */
public final class ThreadLoop implements EventLoop {

    private static final Logger log = LoggerFactory.getLogger(ThreadLoop.class);

    private final String name;
    private final ScheduledThreadPoolExecutor executor;

    public ThreadLoop(String name) {
        this.name = name;
        executor =
                new ScheduledThreadPoolExecutor(
                        1, Thread.ofPlatform().name("unit-" + name).daemon().factory());
        executor.setRemoveOnCancelPolicy(true);
        executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    @Override
    public void execute(Runnable task) {
        executor.execute(guarded(task));
    }

    @Override
    public Timer schedule(Duration delay, Runnable task) {
        Future<?> future = executor.schedule(guarded(task), delay.toNanos(), TimeUnit.NANOSECONDS);
        return () -> future.cancel(false);
    }

    @Override
    public void close() {
        executor.shutdown();
    }

    /** A fault in one step must not end the loop, or the unit would be left alone for ever. */
    private Runnable guarded(Runnable task) {
        return () -> {
            try {
                task.run();
            } catch (RuntimeException e) {
                log.error("a step of the supervision of {} failed", name, e);
            }
        };
    }
}
