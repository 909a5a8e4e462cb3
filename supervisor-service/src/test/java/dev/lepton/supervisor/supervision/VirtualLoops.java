package dev.lepton.supervisor.supervision;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.Queue;

/** Event loops on a clock that the test moves; everything runs in the test's thread. */
final class VirtualLoops implements InstantSource {

    private static final Instant BEGIN = Instant.parse("2026-11-22T12:00:00Z");

    private record Task(long dueNanos, long order, Runnable runnable) {}

    private final Queue<Runnable> ready = new ArrayDeque<>();
    private final PriorityQueue<Task> later =
            new PriorityQueue<>(
                    Comparator.comparingLong(Task::dueNanos).thenComparingLong(Task::order));
    private long now;
    private Duration setBack = Duration.ZERO;
    private long order;
    private int generation;

    /** What was made before does nothing any more, as when its supervisor is killed. */
    void forgetLoops() {
        generation++;
    }

    EventLoop loop() {
        int mine = generation;
        return new EventLoop() {
            @Override
            public void execute(Runnable task) {
                ready.add(() -> runOf(mine, task));
            }

            @Override
            public Timer schedule(Duration delay, Runnable task) {
                Task timed = new Task(now + delay.toNanos(), order++, () -> runOf(mine, task));
                later.add(timed);
                return () -> later.remove(timed);
            }

            @Override
            public void close() {}
        };
    }

    private void runOf(int maker, Runnable task) {
        if (maker == generation) {
            task.run();
        }
    }

    /** Runs all that is due now. */
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

    /** Time passes in which nothing runs, as while the supervisor is stopped. */
    void stall(Duration duration) {
        now += duration.toNanos();
    }

    /** The wall clock is set back, as by an operator; durations do not notice. */
    void setBack(Duration step) {
        setBack = setBack.plus(step);
    }

    long nanos() {
        return now;
    }

    @Override
    public Instant instant() {
        return BEGIN.plusNanos(now).minus(setBack);
    }
}
