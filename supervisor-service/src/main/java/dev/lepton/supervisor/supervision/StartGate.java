package dev.lepton.supervisor.supervision;

import java.util.ArrayDeque;
import java.util.Queue;

/**
 * Lets only so many units start at once: a start is work for the processor, and simultaneous ones
 * slow each other past their deadlines. First come, first served.
 */
public final class StartGate {

    private final Queue<Ticket> waiting = new ArrayDeque<>();
    private int free;

    public StartGate(int atOnce) {
        if (atOnce < 1) {
            throw new IllegalArgumentException(
                    "'lepton.start-concurrency' %d must be at least 1".formatted(atOnce));
        }
        free = atOnce;
    }

    /** Calls {@code granted} once a place is free, at once when one is. */
    public Ticket enter(Runnable granted) {
        Ticket ticket = new Ticket(granted);
        synchronized (this) {
            if (free == 0) {
                waiting.add(ticket);
                return ticket;
            }
            free--;
            ticket.inside = true;
        }
        granted.run();
        return ticket;
    }

    /** A place in the gate, or in the queue before it. */
    public final class Ticket {

        private final Runnable granted;
        private boolean inside;
        private boolean left;

        private Ticket(Runnable granted) {
            this.granted = granted;
        }

        /** Gives the place to the next; a second call does nothing. */
        public void leave() {
            Ticket next = null;
            synchronized (StartGate.this) {
                if (left) {
                    return;
                }
                left = true;
                if (!inside) {
                    waiting.remove(this);
                    return;
                }
                next = waiting.poll();
                if (next == null) {
                    free++;
                } else {
                    next.inside = true;
                }
            }
            if (next != null) {
                next.granted.run();
            }
        }
    }
}
