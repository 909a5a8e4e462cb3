package dev.lepton.registry.simulation.node;

import static dev.lepton.registry.simulation.kernel.Spans.MILLI;
import static dev.lepton.registry.simulation.kernel.Spans.SECOND;

import dev.lepton.client.heartbeat.FenceTerms;
import dev.lepton.client.registration.Registration;
import dev.lepton.client.unit.Beater;
import dev.lepton.client.unit.NodeName;
import dev.lepton.client.unit.ServiceName;
import dev.lepton.client.unit.StartId;
import dev.lepton.client.unit.UnitAddress;
import dev.lepton.client.unit.UnitId;
import dev.lepton.registry.lifecycle.Event;
import dev.lepton.registry.simulation.happening.Happening;
import dev.lepton.registry.simulation.kernel.Ground;
import dev.lepton.registry.simulation.kernel.Life;
import dev.lepton.registry.simulation.kernel.Weakness;
import dev.lepton.registry.simulation.replica.Answer;
import dev.lepton.registry.simulation.replica.Replica;
import dev.lepton.registry.simulation.replica.Terms;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One process of a unit with the starter in it: registers when it is ready, beats for as long as it
 * lives, and ends when it is told that it is superseded.
 */
public final class UnitProcess {

    /** The one service there is. */
    public static final ServiceName SERVICE = new ServiceName("worker");

    /** The one unit of it that is exclusive. */
    public static final UnitId EXCLUSIVE = new UnitId("worker-1");

    private static final FenceTerms FENCE = Terms.ORDINARY.fence();

    private static final long INTERVAL = SECOND;
    private static final long BEAT_TIMEOUT = 300 * MILLI;
    private static final long CALL_TIMEOUT = 2 * SECOND;
    private static final long FIRST_PAUSE = 100 * MILLI;
    private static final int DOUBLINGS = 5;

    private final Ground ground;
    private final UnitId unit;
    private final StartId start;
    private final long pid;
    private final String node;
    private final Life life;
    private final Registries registries;
    private final Consumer<UnitProcess> end;
    private boolean works;
    private long confirmedAt;
    private @Nullable Long registeringSince;
    private boolean beats;
    private boolean beating;
    private boolean registering;
    private boolean over;
    private boolean hung;
    private int failures;
    private long seq;

    UnitProcess(
            Ground ground,
            List<Replica> replicas,
            UnitId unit,
            StartId start,
            long pid,
            String node,
            Consumer<UnitProcess> end) {
        this.ground = ground;
        this.unit = unit;
        this.start = start;
        this.pid = pid;
        this.node = node;
        this.end = end;
        this.life = new Life(ground.agenda());
        this.registries = new Registries(ground.network(), replicas, life, node);
    }

    public UnitId unit() {
        return unit;
    }

    public StartId start() {
        return start;
    }

    public long pid() {
        return pid;
    }

    Life life() {
        return life;
    }

    /** Whether a probe would be answered now. */
    boolean answers() {
        return !life.over() && !life.paused() && !hung;
    }

    /** Whether it may do what its unit is there for. */
    public boolean atWork() {
        return works && !life.over() && !life.paused();
    }

    /** Whether it lives and gives no sign of it. */
    boolean hangs() {
        return !life.over() && !answers();
    }

    void begin() {
        life.in(SECOND / 2 + ground.random().nextLong(2 * SECOND), this::register);
    }

    /** From now on it accepts requests and never answers. */
    public void hang() {
        hung = true;
    }

    public void pause(long span) {
        life.pause(span);
    }

    private void register() {
        if (over || registering) {
            return;
        }
        registering = true;
        Registration registration =
                new Registration(
                        unit,
                        start,
                        SERVICE,
                        UnitAddress.http("127.0.0.1", 9000),
                        new NodeName(node),
                        Beater.SELF,
                        null,
                        null,
                        null,
                        pid,
                        exclusive() ? Map.of(Registration.EXCLUSIVE_LABEL, "true") : Map.of());
        long sent = ground.now();
        if (registeringSince == null) {
            registeringSince = sent;
        }
        registries.call(
                CALL_TIMEOUT,
                (replica, reply) -> replica.register(registration, reply),
                answer -> registered(answer, sent));
    }

    private boolean exclusive() {
        return unit.equals(EXCLUSIVE);
    }

    private void registered(Answer answer, long sent) {
        registering = false;
        switch (answer) {
            case Answer.Registered(long incarnation, boolean repeated) -> {
                goToWork(repeated ? first(sent) : sent);
                registeringSince = null;
                ground.witness()
                        .see(new Happening.RegistrationAcknowledged(unit, start, incarnation));
                failures = 0;
                beats = true;
                if (!beating) {
                    beating = true;
                    beat();
                }
            }
            case Answer.InUse(var left) -> {
                beats = false;
                life.in(left.toNanos() + ground.random().nextLong(FIRST_PAUSE), this::register);
            }
            case Answer.Superseded _ -> superseded();
            case Answer.Unavailable _, Answer.NotRegistered _ -> {
                long ceiling = FIRST_PAUSE << Math.min(failures++, DOUBLINGS);
                life.in(20 * MILLI + ground.random().nextLong(ceiling), this::register);
            }
            case Answer.Beaten _,
                    Answer.Done _,
                    Answer.Wished _,
                    Answer.Stale _,
                    Answer.NotAllowed _,
                    Answer.Permitted _,
                    Answer.PolicyHolds _,
                    Answer.Watched _ ->
                    throw new IllegalStateException("a registration is not answered by " + answer);
        }
    }

    private void beat() {
        if (over) {
            return;
        }
        life.in(INTERVAL, this::beat);
        if (!beats) {
            return;
        }
        long number = ++seq;
        Event event = hung ? Event.HUNG : Event.GOOD_BEAT;
        long sent = ground.now();
        registries.call(
                BEAT_TIMEOUT,
                (replica, reply) -> replica.beat(unit, start, number, event, reply),
                answer ->
                        !(answer instanceof Answer.Unavailable)
                                && !answer.equals(new Answer.Beaten(false)),
                answer -> {
                    if (answer instanceof Answer.NotRegistered) {
                        register();
                    } else if (answer instanceof Answer.Superseded) {
                        superseded();
                    } else if (answer.equals(new Answer.Beaten(true))) {
                        confirmed(sent);
                    }
                });
    }

    /** Of no use any more, it ends, so that its supervisor can start the unit anew. */
    private void superseded() {
        over = true;
        works = false;
        life.in(ground.random().nextLong(SECOND), () -> end.accept(this));
    }

    /** When the first call was sent of those of which one was stored. */
    private long first(long last) {
        return registeringSince == null || ground.weakBy(Weakness.REPEATS_CONFIRM)
                ? last
                : registeringSince;
    }

    /** What is registered again moves no count that runs: it may be the answer to a repeat. */
    private void goToWork(long sent) {
        if (works) {
            return;
        }
        works = true;
        confirmed(sent);
        if (exclusive()) {
            watchTheFence();
        }
    }

    private void confirmed(long sent) {
        confirmedAt = ground.weakBy(Weakness.FENCE_FROM_THE_ANSWER) ? ground.now() : sent;
    }

    /** Whoever was not confirmed in time begins to end, and has ended at the end of the lease. */
    private void watchTheFence() {
        long unconfirmed = ground.now() - confirmedAt;
        if (unconfirmed < FENCE.stopAfter().toNanos()) {
            life.in(FENCE.stopAfter().toNanos() - unconfirmed, this::watchTheFence);
        } else if (!ground.weakBy(Weakness.NO_FENCE)) {
            long left = Math.max(0, FENCE.goneAfter().toNanos() - unconfirmed);
            ground.trace().say(() -> "%s: %s is not confirmed and ends".formatted(node, unit));
            if (left == 0) {
                end.accept(this);
            } else {
                life.in(ground.random().nextLong(left), () -> end.accept(this));
            }
        }
    }
}
