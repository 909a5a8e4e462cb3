package dev.lepton.supervisor.supervision;

import dev.lepton.client.unit.ServiceName;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * Lets only so many units start at once, in all and of each service: a start is work for the
 * processor, and simultaneous ones slow each other past their deadlines. First come, first served
 * among those that may.
 */
public final class StartGate {

    private final Queue<Ticket> waiting = new LinkedList<>();
    private final Map<ServiceName, Integer> inside = new HashMap<>();
    private int free;

    public StartGate(int atOnce) {
        if (atOnce < 1) {
            throw new IllegalArgumentException(
                    "'lepton.start-concurrency' %d must be at least 1".formatted(atOnce));
        }
        free = atOnce;
    }

    /**
     * Calls {@code granted} once a place is free, at once when one is.
     *
     * @param limit how many of the service may be inside at once, null for as many as there are
     *     places
     */
    public Ticket enter(ServiceName service, @Nullable Integer limit, Runnable granted) {
        Ticket ticket = new Ticket(service, limit, granted);
        boolean atOnce;
        synchronized (this) {
            atOnce = admits(ticket);
            if (atOnce) {
                admit(ticket);
            } else {
                waiting.add(ticket);
            }
        }
        if (atOnce) {
            granted.run();
        }
        return ticket;
    }

    private boolean admits(Ticket ticket) {
        return free > 0
                && (ticket.limit == null || inside.getOrDefault(ticket.service, 0) < ticket.limit);
    }

    private void admit(Ticket ticket) {
        free--;
        inside.merge(ticket.service, 1, Integer::sum);
        ticket.inside = true;
    }

    private List<Ticket> admitted() {
        List<Ticket> admitted = new ArrayList<>();
        for (Iterator<Ticket> next = waiting.iterator(); next.hasNext() && free > 0; ) {
            Ticket ticket = next.next();
            if (admits(ticket)) {
                next.remove();
                admit(ticket);
                admitted.add(ticket);
            }
        }
        return admitted;
    }

    /** A place in the gate, or in the queue before it. */
    public final class Ticket {

        private final ServiceName service;
        private final @Nullable Integer limit;
        private final Runnable granted;
        private boolean inside;
        private boolean left;

        private Ticket(ServiceName service, @Nullable Integer limit, Runnable granted) {
            this.service = service;
            this.limit = limit;
            this.granted = granted;
        }

        /** Gives the place to the next; a second call does nothing. */
        public void leave() {
            List<Ticket> next;
            synchronized (StartGate.this) {
                if (left) {
                    return;
                }
                left = true;
                if (!inside) {
                    waiting.remove(this);
                    return;
                }
                free++;
                StartGate.this.inside.merge(service, -1, Integer::sum);
                next = admitted();
            }
            next.forEach(ticket -> ticket.granted.run());
        }
    }
}
