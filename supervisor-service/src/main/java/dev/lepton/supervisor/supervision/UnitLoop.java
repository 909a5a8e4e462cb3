package dev.lepton.supervisor.supervision;

import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;

/** The event loop of one unit: after each task, what the task has changed is published. */
final class UnitLoop implements EventLoop {

    private final EventLoop loop;
    private final Runnable publish;

    UnitLoop(EventLoop loop, Runnable publish) {
        this.loop = loop;
        this.publish = publish;
    }

    @Override
    public void execute(Runnable task) {
        try {
            loop.execute(published(task));
        } catch (RejectedExecutionException _) {
            // The unit is gone for good; nothing that comes later matters to it.
        }
    }

    @Override
    public Timer schedule(Duration delay, Runnable task) {
        return loop.schedule(delay, published(task));
    }

    @Override
    public void close() {
        loop.close();
    }

    private Runnable published(Runnable task) {
        return () -> {
            task.run();
            publish.run();
        };
    }
}
