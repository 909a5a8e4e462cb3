package dev.lepton.supervisor.supervision;

import java.time.Duration;

/** Runs one task at a time, in order; what belongs to a loop needs no locks. */
public interface EventLoop {

    void execute(Runnable task);

    /** Runs a task after a delay, unless it is cancelled before. */
    Timer schedule(Duration delay, Runnable task);

    void close();

    /** A task that is due later. */
    interface Timer {
        void cancel();
    }
}
