package dev.lepton.registry.simulation.postgres;

import static dev.lepton.registry.simulation.kernel.Spans.MILLI;

import dev.lepton.registry.simulation.happening.Happening;
import dev.lepton.registry.simulation.happening.Witness;
import dev.lepton.registry.simulation.kernel.Agenda;
import dev.lepton.registry.simulation.kernel.Trace;
import java.util.ArrayList;
import java.util.List;

/**
 * The PostgreSQL server as a process: it answers, is stopped for a while, or has crashed. A server
 * that is stopped keeps what has arrived and does it later.
 */
public final class Server {

    /** The name of its place in the network. */
    public static final String PLACE = "postgres";

    /** A crash loses what was committed without waiting for the disk within this time. */
    public static final long LOST_AT_MOST = 600 * MILLI;

    private final Agenda agenda;
    private final Tables tables;
    private final Witness witness;
    private final Trace trace;
    private final List<Runnable> arrived = new ArrayList<>();
    private long crashes;
    private boolean down;
    private long frozenUntil;

    public Server(Agenda agenda, Tables tables, Witness witness, Trace trace) {
        this.agenda = agenda;
        this.tables = tables;
        this.witness = witness;
        this.trace = trace;
        agenda.every(LOST_AT_MOST, tables.marks::reachDisk);
    }

    public boolean down() {
        return down;
    }

    /** Connections from before the last of them are broken. */
    public long crashes() {
        return crashes;
    }

    public void crash(long span) {
        if (down) {
            return;
        }
        trace.say(() -> "postgres crashes");
        down = true;
        crashes++;
        arrived.clear();
        tables.marks.crash();
        witness.see(new Happening.DatabaseCrashed(tables.marks.replicasOfStarts()));
        agenda.in(
                span,
                () -> {
                    trace.say(() -> "postgres is back");
                    down = false;
                });
    }

    public void freeze(long span) {
        trace.say(() -> "postgres is stopped");
        frozenUntil = Math.max(frozenUntil, agenda.now() + span);
        agenda.in(span, this::thaw);
    }

    /** Does it now, or when the server runs again. */
    void arrive(Runnable statement) {
        if (frozenUntil > agenda.now()) {
            arrived.add(statement);
        } else {
            statement.run();
        }
    }

    private void thaw() {
        if (frozenUntil > agenda.now()) {
            return;
        }
        trace.say(() -> "postgres goes on");
        List<Runnable> late = List.copyOf(arrived);
        arrived.clear();
        // One after the other, so that it can be told what a statement saw of those before it.
        for (int i = 0; i < late.size(); i++) {
            Runnable statement = late.get(i);
            agenda.in(i, () -> arrive(statement));
        }
    }
}
