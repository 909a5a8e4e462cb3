package dev.lepton.registry.move;

import dev.lepton.client.unit.StartId;
import dev.lepton.client.unit.UnitId;
import dev.lepton.registry.changelog.ChangeWriter;
import dev.lepton.registry.changelog.LeaderGuard;
import dev.lepton.registry.changelog.ProposedChange;
import dev.lepton.registry.changelog.WriteOutcome;
import dev.lepton.registry.lifecycle.Event;
import dev.lepton.registry.lifecycle.Lifecycle;
import dev.lepton.registry.lifecycle.MoveKind;
import dev.lepton.registry.lifecycle.Outcome.Forget;
import dev.lepton.registry.lifecycle.Outcome.Move;
import dev.lepton.registry.lifecycle.Outcome.Refuse;
import dev.lepton.registry.lifecycle.Outcome.Stay;
import dev.lepton.registry.lifecycle.Phase;
import dev.lepton.registry.unit.StartSuperseded;
import dev.lepton.registry.unit.UnitNotRegistered;
import dev.lepton.registry.unit.UnitRow;
import dev.lepton.registry.unit.Units;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Carries an event to a unit: decide by the lifecycle, store by compare-and-set, remember. */
public class UnitMoves {

    /** Races for one unit are rare and short; whoever loses this often is refused. */
    private static final int ATTEMPTS = 8;

    private static final Logger log = LoggerFactory.getLogger(UnitMoves.class);

    private final Units units;
    private final CurrentUnits current;
    private final ChangeWriter writer;
    private final InstantSource time;

    public UnitMoves(Units units, CurrentUnits current, ChangeWriter writer, InstantSource time) {
        this.units = units;
        this.current = current;
        this.writer = writer;
        this.time = time;
    }

    /**
     * Moves the unit as it is in PostgreSQL, deciding anew whenever somebody else was first.
     *
     * @param start the start that is meant; null for whichever holds the unit
     * @return the row after the move, or as it is when nothing changes
     */
    public UnitRow move(UnitId id, @Nullable StartId start, Event event, String reason) {
        for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
            UnitRow row = registered(id);
            if (start != null && !row.startId().equals(start)) {
                throw new StartSuperseded(id, start);
            }
            Step step = step(row, event, reason);
            if (step == null) {
                return row;
            }
            if (store(row.phase(), step.after, step.kind)) {
                return step.after;
            }
        }
        throw new UnitContended(id, ATTEMPTS);
    }

    /**
     * Proposes the move of a row as the caller has seen it, once. Out of date also when the event
     * would change nothing.
     */
    public CompletableFuture<WriteOutcome> propose(
            UnitRow row, Event event, String reason, @Nullable LeaderGuard guard) {
        Step step = step(row, event, reason);
        if (step == null) {
            return CompletableFuture.completedFuture(new WriteOutcome.OutOfDate());
        }
        return write(row.phase(), step.after, step.kind, guard);
    }

    /** Stores a row that the caller has decided on; false when somebody else was first. */
    public boolean store(@Nullable Phase from, UnitRow after, MoveKind kind) {
        return switch (AwaitedWrite.of(write(from, after, kind, null))) {
            case WriteOutcome.Written _ -> true;
            case WriteOutcome.OutOfDate _, WriteOutcome.Deposed _ -> false;
        };
    }

    private UnitRow registered(UnitId id) {
        UnitRow row = units.find(id);
        if (row == null || row.forgotten()) {
            throw new UnitNotRegistered(id);
        }
        return row;
    }

    /** Null when the event changes nothing. */
    private @Nullable Step step(UnitRow row, Event event, String reason) {
        return switch (Lifecycle.next(row.phase(), event)) {
            case Move(Phase to, MoveKind kind) when to == row.phase() ->
                    new Step(row.moved(to, row.since(), reason), kind);
            case Move(Phase to, MoveKind kind) ->
                    new Step(row.moved(to, time.instant(), reason), kind);
            case Forget(MoveKind kind) -> new Step(row.forgotten(time.instant(), reason), kind);
            case Stay _ -> null;
            case Refuse(String why) -> throw new MoveNotAllowed(row, event, why);
        };
    }

    private record Step(UnitRow after, MoveKind kind) {}

    private CompletableFuture<WriteOutcome> write(
            @Nullable Phase from, UnitRow after, MoveKind kind, @Nullable LeaderGuard guard) {
        return writer.write(
                        new ProposedChange.OfUnit(from, after, kind.word(), after.reason(), guard))
                .thenApply(outcome -> {
                    if (outcome instanceof WriteOutcome.Written(long revision)) {
                        current.learn(after);
                        log.info(
                                "Unit {} incarnation {}: {} → {} ({}: {}), revision {}",
                                after.id(),
                                after.incarnation(),
                                from,
                                after.forgotten() ? "forgotten" : after.phase(),
                                kind.word(),
                                after.reason(),
                                revision);
                    }
                    return outcome;
                });
    }
}
