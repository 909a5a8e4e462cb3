package dev.lepton.registry.simulation.replica;

import dev.lepton.client.unit.StartId;
import dev.lepton.client.unit.UnitId;
import dev.lepton.registry.flap.Flapping;
import dev.lepton.registry.heartbeat.SimulatedMarks;
import dev.lepton.registry.heartbeat.SimulatedVerdict;
import dev.lepton.registry.lifecycle.Event;
import dev.lepton.registry.lifecycle.Lifecycle;
import dev.lepton.registry.lifecycle.Outcome;
import dev.lepton.registry.lifecycle.Phase;
import dev.lepton.registry.move.CurrentUnits;
import dev.lepton.registry.simulation.happening.Happening;
import dev.lepton.registry.simulation.kernel.Weakness;
import dev.lepton.registry.unit.Holding;
import dev.lepton.registry.unit.UnitBuilder;
import dev.lepton.registry.unit.UnitRow;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Takes beats: answers from memory where memory may answer, leaves a mark, proposes the move. */
final class Beats {

    private final Around around;
    private final CurrentUnits current;
    private final SimulatedMarks marks;
    private final Flusher flusher;
    private final Moves moves;
    private final Tail tail;
    private final Set<UnitId> moving = new HashSet<>();

    Beats(
            Around around,
            CurrentUnits current,
            SimulatedMarks marks,
            Flusher flusher,
            Moves moves,
            Tail tail) {
        this.around = around;
        this.tail = tail;
        this.current = current;
        this.marks = marks;
        this.flusher = flusher;
        this.moves = moves;
    }

    /**
     * @param event good, late or hung, as the self-check of the beat says
     */
    void beat(UnitId unit, StartId start, long seq, Event event, Consumer<Answer> reply) {
        UnitRow row = current.find(unit);
        StartId meant = meant(row, start);
        SimulatedVerdict verdict = fromMemory(row, meant);
        long asked = around.ground().now();
        if (verdict != null) {
            answer(verdict, unit, start, asked, seq, event, reply);
            return;
        }
        around.connection()
                .<Holding>ask(
                        () -> around.tables().holding(unit, start),
                        held -> {
                            if (held == null) {
                                reply.accept(new Answer.Unavailable());
                                return;
                            }
                            SimulatedVerdict sure =
                                    SimulatedVerdict.fromPostgres(held, meant(held.row(), start));
                            if (sure.row() != null) {
                                current.learn(sure.row());
                            }
                            answer(sure, unit, start, asked, seq, event, reply);
                        });
    }

    /** Null when only PostgreSQL may say it; where that is the weakness, memory says it all. */
    private @Nullable SimulatedVerdict fromMemory(@Nullable UnitRow row, StartId start) {
        SimulatedVerdict verdict = SimulatedVerdict.fromMemory(row, start);
        return verdict == null && around.ground().weakBy(Weakness.REFUSALS_FROM_MEMORY)
                ? SimulatedVerdict.fromPostgres(new Holding(row, null), start)
                : verdict;
    }

    private StartId meant(@Nullable UnitRow row, StartId start) {
        return row != null && around.ground().weakBy(Weakness.NO_START_ID_CHECK)
                ? row.startId()
                : start;
    }

    private void answer(
            SimulatedVerdict verdict,
            UnitId unit,
            StartId start,
            long asked,
            long seq,
            Event event,
            Consumer<Answer> reply) {
        UnitRow row = verdict.row();
        if (row == null) {
            around.ground().witness().see(new Happening.BeatRefused(unit, start, asked));
            reply.accept(verdict.over() ? new Answer.Superseded() : new Answer.NotRegistered());
            return;
        }
        if (marks.take(row.id(), row.startId(), seq, around.clock().nanos())) {
            around.ground().witness().see(new Happening.BeatTaken(row.id(), row.startId()));
            take(row, seq, event);
        }
        reply.accept(new Answer.Beaten(flusher.stores()));
    }

    private void take(UnitRow row, long seq, Event event) {
        String objection = objection(row, event);
        if (objection == null) {
            propose(drained(row), event, "beat " + seq);
            return;
        }
        long known = tail.fleet().position().revision();
        around.ground().witness().see(new Happening.KeptOut(row.id(), known));
        if (!Flapping.heldOut(row)) {
            propose(row, Event.HELD_OUT, objection);
        }
    }

    /** Why a good beat is not to bring the unit up, null when it may, or would not. */
    private @Nullable String objection(UnitRow row, Event event) {
        boolean wouldComeUp =
                event == Event.GOOD_BEAT
                        && Lifecycle.next(row.phase(), Event.HELD_OUT) instanceof Outcome.Move;
        return wouldComeUp ? tail.flapping().objection(row) : null;
    }

    /** Where that is the weakness, a drain is forgotten. */
    private UnitRow drained(UnitRow row) {
        return row.phase() == Phase.DRAINING && around.ground().weakBy(Weakness.BEATS_END_DRAINS)
                ? UnitBuilder.of(row).in(Phase.SUSPECT).row()
                : row;
    }

    private void propose(UnitRow row, Event event, String reason) {
        if (Lifecycle.next(row.phase(), event) instanceof Outcome.Move && moving.add(row.id())) {
            moves.propose(row, event, reason, null, _ -> moving.remove(row.id()));
        }
    }
}
