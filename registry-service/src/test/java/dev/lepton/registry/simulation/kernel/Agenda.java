package dev.lepton.registry.simulation.kernel;

import java.util.PriorityQueue;

/**
 * Virtual time: what is to happen, in the order of its time, and of its entry where that is the
 * same.
 */
public final class Agenda {

    private record Entry(long at, long order, Runnable action) implements Comparable<Entry> {

        @Override
        public int compareTo(Entry other) {
            int byTime = Long.compare(at, other.at);
            return byTime == 0 ? Long.compare(order, other.order) : byTime;
        }
    }

    private final PriorityQueue<Entry> entries = new PriorityQueue<>();
    private long now;
    private long entered;

    /** Nanoseconds since the beginning. */
    public long now() {
        return now;
    }

    public void in(long delay, Runnable action) {
        entries.add(new Entry(now + delay, entered++, action));
    }

    /** Repeats an action for ever, at first after one interval. */
    public void every(long interval, Runnable action) {
        in(
                interval,
                () -> {
                    action.run();
                    every(interval, action);
                });
    }

    /** Lets happen what is due before {@code end}; the clock then shows it. */
    public void runUntil(long end) {
        for (Entry next = entries.peek(); next != null && next.at < end; next = entries.peek()) {
            entries.remove();
            now = next.at;
            next.action.run();
        }
        now = end;
    }
}
