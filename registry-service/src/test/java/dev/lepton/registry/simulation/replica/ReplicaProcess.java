package dev.lepton.registry.simulation.replica;

import dev.lepton.client.desired.DesiredWish;
import dev.lepton.client.policy.PolicyChange;
import dev.lepton.client.recovery.PermitRequest;
import dev.lepton.client.registration.ExitReport;
import dev.lepton.client.registration.Registration;
import dev.lepton.client.unit.ServiceName;
import dev.lepton.client.unit.StartId;
import dev.lepton.client.unit.UnitId;
import dev.lepton.registry.fleet.FleetView;
import dev.lepton.registry.heartbeat.SimulatedMarks;
import dev.lepton.registry.lifecycle.Event;
import dev.lepton.registry.move.CurrentUnits;
import dev.lepton.registry.simulation.kernel.Loop;
import java.time.Duration;
import java.util.function.Consumer;

/** One process of a replica, from its start to its end. */
public final class ReplicaProcess {

    private final Around around;
    private final Tail tail;
    private final Writer writer;
    private final Flusher flusher;
    private final Leading leading;
    private final Sweeper sweeper;
    private final Moves moves;
    private final Registrar registrar;
    private final Beats beats;
    private final Wisher wisher;
    private final Permitter permitter;
    private final PolicyKeeper policies;
    private boolean serving;

    /**
     * @param committed told after each commit of this replica
     */
    ReplicaProcess(Around around, Runnable committed) {
        this.around = around;
        this.tail = new Tail(around, this::loaded);
        this.writer =
                new Writer(
                        around,
                        () -> {
                            tail.wake();
                            committed.run();
                        });
        FleetView fleet = tail.fleet();
        CurrentUnits current = new CurrentUnits(fleet::unit, around.clock());
        SimulatedMarks marks = new SimulatedMarks();
        this.flusher = new Flusher(around, marks);
        this.leading = new Leading(around);
        this.moves = new Moves(around, current, writer);
        this.sweeper = new Sweeper(around, fleet, flusher, leading, moves, tail.book());
        this.registrar = new Registrar(around, sweeper, moves, current);
        this.beats = new Beats(around, current, marks, flusher, moves, tail);
        this.wisher = new Wisher(around, writer);
        this.permitter = new Permitter(around);
        this.policies = new PolicyKeeper(around);
    }

    void begin() {
        tail.load();
    }

    boolean serving() {
        return serving;
    }

    long revision() {
        return tail.fleet().position().revision();
    }

    Duration viewAge() {
        return tail.fleet().age();
    }

    /** Told by another replica that it has committed something. */
    void notified() {
        if (serving) {
            tail.wake();
        }
    }

    public void register(Registration asked, Consumer<Answer> reply) {
        registrar.register(asked, reply);
    }

    public void beat(UnitId unit, StartId start, long seq, Event event, Consumer<Answer> reply) {
        beats.beat(unit, start, seq, event, reply);
    }

    public void exited(UnitId unit, ExitReport report, Consumer<Answer> reply) {
        Event event = report.expected() ? Event.STOPPED_AS_ASKED : Event.EXITED;
        around.connection()
                .<Boolean>ask(
                        () -> {
                            around.statements().exited(unit, report.startId());
                            return true;
                        },
                        stored -> {
                            if (stored == null) {
                                reply.accept(new Answer.Unavailable());
                            } else {
                                moves.move(
                                        unit,
                                        report.startId(),
                                        event,
                                        "the process has ended",
                                        reply);
                            }
                        });
    }

    public void wish(UnitId unit, DesiredWish wish, Consumer<Answer> reply) {
        wisher.wish(unit, wish, reply);
    }

    public void drain(UnitId unit, Consumer<Answer> reply) {
        moves.move(unit, null, Event.DRAIN_ASKED, "drain asked", reply);
    }

    public void undrain(UnitId unit, Consumer<Answer> reply) {
        moves.move(unit, null, Event.UNDRAIN_ASKED, "undrain asked", reply);
    }

    public void permit(UnitId unit, PermitRequest request, Consumer<Answer> reply) {
        permitter.ask(unit, request, reply);
    }

    public void releasePermit(UnitId unit, StartId start, long question, Consumer<Answer> reply) {
        permitter.release(unit, start, question, reply);
    }

    public void policy(ServiceName service, PolicyChange change, Consumer<Answer> reply) {
        policies.change(service, change, reply);
    }

    /** The desired rows as this replica knows them. */
    public void watch(Consumer<Answer> reply) {
        FleetView.Picture picture = tail.fleet().picture();
        reply.accept(new Answer.Watched(picture.position().revision(), picture.desired()));
    }

    private void loaded() {
        serving = true;
        loop(around.terms().lease().flushInterval(), flusher::flush);
        loop(around.terms().lease().sweepInterval(), sweeper::sweep);
        loop(around.terms().leader().renewInterval(), leading::look);
    }

    private void loop(Duration interval, Consumer<Runnable> duty) {
        long firstDelay = around.ground().random().nextLong(interval.toNanos());
        new Loop(around.ground().agenda(), around.life(), interval.toNanos(), duty)
                .start(firstDelay);
    }
}
