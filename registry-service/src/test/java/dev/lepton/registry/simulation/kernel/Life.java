package dev.lepton.registry.simulation.kernel;

import java.util.ArrayDeque;
import java.util.Queue;

/**
 * The life of one process: what it is to do waits while it is paused and is dropped when it has
 * ended.
 */
public final class Life {

    private final Agenda agenda;
    private final Queue<Runnable> waiting = new ArrayDeque<>();
    private boolean over;
    private long pausedUntil;

    public Life(Agenda agenda) {
        this.agenda = agenda;
        this.pausedUntil = agenda.now();
    }

    public boolean over() {
        return over;
    }

    /** Until it has done all that waited for it: what is due at one instant takes no time. */
    public boolean paused() {
        return !over && (frozen() || !waiting.isEmpty());
    }

    private boolean frozen() {
        return pausedUntil > agenda.now();
    }

    public void in(long delay, Runnable action) {
        agenda.in(delay, () -> act(action));
    }

    /** Does it now, or as soon as the process runs again. */
    public void act(Runnable action) {
        if (over) {
            return;
        }
        if (paused()) {
            waiting.add(action);
        } else {
            action.run();
        }
    }

    public void pause(long span) {
        pausedUntil = Math.max(pausedUntil, agenda.now() + span);
        agenda.in(span, this::resume);
    }

    public void end() {
        over = true;
        waiting.clear();
    }

    private void resume() {
        while (!over && !frozen() && !waiting.isEmpty()) {
            // Runs before it leaves the queue, so that what comes meanwhile comes after it.
            Runnable next = waiting.element();
            next.run();
            waiting.poll();
        }
    }
}
