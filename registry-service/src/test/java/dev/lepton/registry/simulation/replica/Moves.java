package dev.lepton.registry.simulation.replica;

import dev.lepton.client.unit.StartId;
import dev.lepton.client.unit.UnitId;
import dev.lepton.registry.changelog.LeaderGuard;
import dev.lepton.registry.changelog.ProposedChange;
import dev.lepton.registry.changelog.WriteOutcome;
import dev.lepton.registry.lifecycle.Event;
import dev.lepton.registry.lifecycle.Lifecycle;
import dev.lepton.registry.lifecycle.MoveKind;
import dev.lepton.registry.lifecycle.Outcome;
import dev.lepton.registry.lifecycle.Phase;
import dev.lepton.registry.move.CurrentUnits;
import dev.lepton.registry.simulation.kernel.Weakness;
import dev.lepton.registry.unit.Holding;
import dev.lepton.registry.unit.UnitRow;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Carries an event to a unit: decided by the lifecycle, stored by compare-and-set. */
final class Moves {

    private static final int ATTEMPTS = 8;

    private final Around around;
    private final CurrentUnits current;
    private final Writer writer;

    Moves(Around around, CurrentUnits current, Writer writer) {
        this.around = around;
        this.current = current;
        this.writer = writer;
    }

    /**
     * Moves the start's unit as it is in PostgreSQL, deciding anew when somebody was first.
     *
     * @param start null for whichever holds the unit
     */
    void move(
            UnitId id,
            @Nullable StartId start,
            Event event,
            String reason,
            Consumer<Answer> reply) {
        move(id, start, event, reason, reply, 1);
    }

    private void move(
            UnitId id,
            @Nullable StartId start,
            Event event,
            String reason,
            Consumer<Answer> reply,
            int attempt) {
        around.connection()
                .<Holding>ask(
                        () -> around.tables().holding(id, start),
                        held -> {
                            if (held == null || attempt > ATTEMPTS) {
                                reply.accept(new Answer.Unavailable());
                                return;
                            }
                            UnitRow row = held.row();
                            if (row == null || row.forgotten()) {
                                reply.accept(new Answer.NotRegistered());
                                return;
                            }
                            if (start != null
                                    && !row.startId().equals(start)
                                    && !around.ground().weakBy(Weakness.NO_START_ID_CHECK)) {
                                reply.accept(new Answer.Done());
                                return;
                            }
                            if (Lifecycle.next(row.phase(), event) instanceof Outcome.Refuse) {
                                reply.accept(new Answer.NotAllowed(row.phase()));
                                return;
                            }
                            propose(
                                    row,
                                    event,
                                    reason,
                                    null,
                                    outcome -> {
                                        switch (outcome) {
                                            case null -> reply.accept(new Answer.Unavailable());
                                            case WriteOutcome.Written _ ->
                                                    reply.accept(new Answer.Done());
                                            case WriteOutcome.OutOfDate _
                                                    when changesNothing(row, event) ->
                                                    reply.accept(new Answer.Done());
                                            case WriteOutcome.OutOfDate _, WriteOutcome.Deposed _ ->
                                                    move(
                                                            id,
                                                            start,
                                                            event,
                                                            reason,
                                                            reply,
                                                            attempt + 1);
                                        }
                                    });
                        });
    }

    /** Out of date also when the event would change nothing. */
    void propose(
            UnitRow row,
            Event event,
            String reason,
            @Nullable LeaderGuard guard,
            Consumer<@Nullable WriteOutcome> told) {
        switch (Lifecycle.next(row.phase(), event)) {
            case Outcome.Move(Phase to, MoveKind kind) ->
                    store(row.phase(), moved(row, to, reason), kind, guard, told);
            case Outcome.Forget(MoveKind kind) ->
                    store(
                            row.phase(),
                            row.forgotten(around.time().instant(), reason),
                            kind,
                            guard,
                            told);
            case Outcome.Stay _ -> told.accept(new WriteOutcome.OutOfDate());
            case Outcome.Refuse(String why) ->
                    throw new IllegalStateException(
                            "unit %s is %s, which does not allow %s: %s"
                                    .formatted(row.id(), row.phase(), event, why));
        }
    }

    /** Stores a row that was decided on. */
    void store(
            @Nullable Phase from,
            UnitRow after,
            MoveKind kind,
            @Nullable LeaderGuard guard,
            Consumer<@Nullable WriteOutcome> told) {
        writer.write(
                new ProposedChange.OfUnit(from, after, kind.word(), after.reason(), guard),
                outcome -> {
                    if (outcome instanceof WriteOutcome.Written) {
                        current.learn(after);
                    }
                    told.accept(outcome);
                });
    }

    private UnitRow moved(UnitRow row, Phase to, String reason) {
        return row.moved(to, to == row.phase() ? row.since() : around.time().instant(), reason);
    }

    private static boolean changesNothing(UnitRow row, Event event) {
        return Lifecycle.next(row.phase(), event) instanceof Outcome.Stay;
    }
}
