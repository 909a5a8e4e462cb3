package dev.lepton.supervisor.container;

import dev.lepton.supervisor.supervision.EventLoop;
import java.time.Duration;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * A loop on a clock that the test moves; what other threads give it waits until the test runs it.
 */
final class TestLoop implements EventLoop {

    private record Task(long dueNanos, long order, Runnable runnable) {}

    private final Queue<Runnable> ready = new ConcurrentLinkedQueue<>();
    private final PriorityQueue<Task> later =
            new PriorityQueue<>(
                    Comparator.comparingLong(Task::dueNanos).thenComparingLong(Task::order));
    private long now;
    private long order;

    @Override
    public void execute(Runnable task) {
        ready.add(task);
    }

    @Override
    public Timer schedule(Duration delay, Runnable task) {
        Task timed = new Task(now + delay.toNanos(), order++, task);
        later.add(timed);
        return () -> later.remove(timed);
    }

    @Override
    public void close() {}

    void run() {
        for (Runnable task = ready.poll(); task != null; task = ready.poll()) {
            task.run();
        }
    }

    void advance(Duration duration) {
        long until = now + duration.toNanos();
        run();
        while (!later.isEmpty() && later.peek().dueNanos() <= until) {
            Task next = later.poll();
            now = Math.max(now, next.dueNanos());
            next.runnable().run();
            run();
        }
        now = until;
    }
}
