package dev.lepton.registry.simulation.kernel;

import java.util.function.Consumer;

/** Runs one duty from start to start, as the periodic loops of the registry do. */
public final class Loop {

    private final Agenda agenda;
    private final Life life;
    private final long interval;
    private final Consumer<Runnable> duty;

    /**
     * @param duty is given what it must call once when it is done
     */
    public Loop(Agenda agenda, Life life, long interval, Consumer<Runnable> duty) {
        this.agenda = agenda;
        this.life = life;
        this.interval = interval;
        this.duty = duty;
    }

    public void start(long firstDelay) {
        life.in(firstDelay, this::run);
    }

    private void run() {
        long begun = agenda.now();
        duty.accept(() -> life.in(Math.max(0, begun + interval - agenda.now()), this::run));
    }
}
