package dev.lepton.registry.lifecycle;

import dev.lepton.registry.lifecycle.Outcome.Forget;
import dev.lepton.registry.lifecycle.Outcome.Move;
import dev.lepton.registry.lifecycle.Outcome.Refuse;
import dev.lepton.registry.lifecycle.Outcome.Stay;

/** Every move of a unit, as one pure total function. The table is in {@code docs/lifecycle.md}. */
public final class Lifecycle {

    /** The move of a unit that was never seen, or is forgotten. */
    public static final Move FIRST = new Move(Phase.STARTING, MoveKind.REGISTERED);

    private static final Outcome STAY = new Stay();

    private Lifecycle() {}

    public static Outcome next(Phase phase, Event event) {
        return switch (event) {
            case REGISTERED -> registered(phase);
            case GOOD_BEAT -> goodBeat(phase);
            case LATE_BEAT -> lateBeat(phase);
            case HELD_OUT -> heldOut(phase);
            case HUNG -> hung(phase);
            case SILENT -> silent(phase);
            case LEASE_EXPIRED -> leaseExpired(phase);
            case LEASE_PRESERVED -> leasePreserved(phase);
            case PROBE_FAILED -> probeFailed(phase);
            case START_DEADLINE_PASSED -> startDeadlinePassed(phase);
            case EXITED -> exited(phase);
            case STOPPED_AS_ASKED -> ended(phase, MoveKind.STOPPED);
            case DEREGISTERED -> ended(phase, MoveKind.DEREGISTERED);
            case DRAIN_ASKED -> drainAsked(phase);
            case UNDRAIN_ASKED -> undrainAsked(phase);
            case RESTART_BEGUN -> restartBegun(phase);
            case BUDGET_SPENT -> budgetSpent(phase);
            case PROBATION_GRANTED -> probationGranted(phase);
            case REMOVED -> removed(phase);
            case FORGET_DUE -> forgetDue(phase);
        };
    }

    /**
     * Whether another start may take the holder's place at once, because its end is proven or its
     * lease was seen to end.
     */
    public static boolean replaceable(Phase phase) {
        return switch (phase) {
            case DOWN_SILENT, DOWN_EXITED, RESTARTING, QUARANTINED, PROBATION, STOPPED -> true;
            case STARTING, UP, SUSPECT, DRAINING, DOWN_HUNG, RECOVERING -> false;
        };
    }

    /** Whether the start that holds the unit is over, so that it is refused for ever. */
    public static boolean startOver(Phase phase) {
        return switch (phase) {
            case DOWN_EXITED, RESTARTING, QUARANTINED, PROBATION, STOPPED -> true;
            case STARTING, UP, SUSPECT, DRAINING, DOWN_SILENT, DOWN_HUNG, RECOVERING -> false;
        };
    }

    /** The move of a unit when a new start takes the place of its holder. */
    public static Move registered(Phase phase) {
        return switch (phase) {
            case STARTING, DRAINING, QUARANTINED, PROBATION, STOPPED -> FIRST;
            case UP, SUSPECT, DOWN_SILENT, DOWN_HUNG, DOWN_EXITED, RESTARTING, RECOVERING ->
                    new Move(Phase.RECOVERING, MoveKind.REGISTERED);
        };
    }

    private static Outcome goodBeat(Phase phase) {
        return switch (phase) {
            case STARTING -> new Move(Phase.UP, MoveKind.STARTED);
            case SUSPECT -> new Move(Phase.UP, MoveKind.BEATS_AGAIN);
            case DOWN_SILENT, DOWN_HUNG -> new Move(Phase.UP, MoveKind.RETURNED);
            case RECOVERING -> new Move(Phase.UP, MoveKind.RECOVERED);
            case UP, DRAINING -> STAY;
            case DOWN_EXITED, RESTARTING, QUARANTINED, PROBATION, STOPPED -> startIsOver();
        };
    }

    /** A slow unit is alive: it is no longer suspected of silence, but does not come up by this. */
    private static Outcome lateBeat(Phase phase) {
        return switch (phase) {
            case SUSPECT -> new Move(Phase.UP, MoveKind.BEATS_AGAIN);
            case STARTING, UP, DRAINING, DOWN_SILENT, DOWN_HUNG, RECOVERING -> STAY;
            case DOWN_EXITED, RESTARTING, QUARANTINED, PROBATION, STOPPED -> startIsOver();
        };
    }

    /** Whatever a good beat would bring up; a suspected unit has not been down. */
    private static Outcome heldOut(Phase phase) {
        return switch (phase) {
            case STARTING, RECOVERING, DOWN_SILENT, DOWN_HUNG -> new Move(phase, MoveKind.HELD_OUT);
            case UP, SUSPECT, DRAINING -> STAY;
            case DOWN_EXITED, RESTARTING, QUARANTINED, PROBATION, STOPPED -> startIsOver();
        };
    }

    /** A start that does not answer yet is judged by its deadline, a drained one by its stop. */
    private static Outcome hung(Phase phase) {
        return switch (phase) {
            case UP, SUSPECT, DOWN_SILENT -> new Move(Phase.DOWN_HUNG, MoveKind.HUNG);
            case STARTING, DRAINING, DOWN_HUNG, RECOVERING -> STAY;
            case DOWN_EXITED, RESTARTING, QUARANTINED, PROBATION, STOPPED -> startIsOver();
        };
    }

    private static Outcome silent(Phase phase) {
        return switch (phase) {
            case UP -> new Move(Phase.SUSPECT, MoveKind.SUSPECTED);
            case STARTING,
                    SUSPECT,
                    DRAINING,
                    DOWN_SILENT,
                    DOWN_HUNG,
                    DOWN_EXITED,
                    RESTARTING,
                    RECOVERING,
                    QUARANTINED,
                    PROBATION,
                    STOPPED ->
                    STAY;
        };
    }

    private static Outcome leaseExpired(Phase phase) {
        return switch (phase) {
            case UP -> new Refuse("a unit is suspected before its lease can end");
            case SUSPECT -> new Move(Phase.DOWN_SILENT, MoveKind.LEASE_EXPIRED);
            case DRAINING -> new Move(Phase.STOPPED, MoveKind.DRAIN_ENDED);
            case STARTING,
                    DOWN_SILENT,
                    DOWN_HUNG,
                    DOWN_EXITED,
                    RESTARTING,
                    RECOVERING,
                    QUARANTINED,
                    PROBATION,
                    STOPPED ->
                    STAY;
        };
    }

    private static Outcome leasePreserved(Phase phase) {
        return switch (phase) {
            case UP -> new Refuse("a unit is suspected before its lease can end");
            case SUSPECT -> new Move(Phase.SUSPECT, MoveKind.PRESERVING);
            case STARTING,
                    DRAINING,
                    DOWN_SILENT,
                    DOWN_HUNG,
                    DOWN_EXITED,
                    RESTARTING,
                    RECOVERING,
                    QUARANTINED,
                    PROBATION,
                    STOPPED ->
                    STAY;
        };
    }

    /** A failed probe is a second witness to a silence, never more than that. */
    private static Outcome probeFailed(Phase phase) {
        return switch (phase) {
            case SUSPECT -> new Move(Phase.DOWN_SILENT, MoveKind.PROBE_FAILED);
            case STARTING,
                    UP,
                    DRAINING,
                    DOWN_SILENT,
                    DOWN_HUNG,
                    DOWN_EXITED,
                    RESTARTING,
                    RECOVERING,
                    QUARANTINED,
                    PROBATION,
                    STOPPED ->
                    STAY;
        };
    }

    /** It may well be alive and beat: only its exit, or the end of its lease, frees its place. */
    private static Outcome startDeadlinePassed(Phase phase) {
        return switch (phase) {
            case STARTING, RECOVERING -> new Move(Phase.DOWN_HUNG, MoveKind.START_DEADLINE);
            case RESTARTING -> new Move(Phase.DOWN_EXITED, MoveKind.START_DEADLINE);
            case PROBATION -> new Move(Phase.QUARANTINED, MoveKind.START_DEADLINE);
            case UP, SUSPECT, DRAINING, DOWN_SILENT, DOWN_HUNG, DOWN_EXITED, QUARANTINED, STOPPED ->
                    STAY;
        };
    }

    private static Outcome exited(Phase phase) {
        return switch (phase) {
            case STARTING, UP, SUSPECT, DOWN_SILENT, DOWN_HUNG, RECOVERING ->
                    new Move(Phase.DOWN_EXITED, MoveKind.EXITED);
            case DRAINING -> new Move(Phase.STOPPED, MoveKind.EXITED);
            case DOWN_EXITED, RESTARTING, QUARANTINED, PROBATION, STOPPED -> STAY;
        };
    }

    private static Outcome ended(Phase phase, MoveKind kind) {
        return switch (phase) {
            case STARTING, UP, SUSPECT, DRAINING, DOWN_SILENT, DOWN_HUNG, RECOVERING ->
                    new Move(Phase.STOPPED, kind);
            case DOWN_EXITED, RESTARTING, QUARANTINED, PROBATION, STOPPED -> STAY;
        };
    }

    private static Outcome drainAsked(Phase phase) {
        return switch (phase) {
            case UP, SUSPECT -> new Move(Phase.DRAINING, MoveKind.DRAIN);
            case DRAINING -> STAY;
            case STARTING,
                    DOWN_SILENT,
                    DOWN_HUNG,
                    DOWN_EXITED,
                    RESTARTING,
                    RECOVERING,
                    QUARANTINED,
                    PROBATION,
                    STOPPED ->
                    new Refuse("only a routable unit can be drained");
        };
    }

    private static Outcome undrainAsked(Phase phase) {
        return switch (phase) {
            case DRAINING -> new Move(Phase.UP, MoveKind.UNDRAIN);
            case UP, SUSPECT -> STAY;
            case STARTING,
                    DOWN_SILENT,
                    DOWN_HUNG,
                    DOWN_EXITED,
                    RESTARTING,
                    RECOVERING,
                    QUARANTINED,
                    PROBATION,
                    STOPPED ->
                    new Refuse("only a draining unit can be undrained");
        };
    }

    /** Said again while the start is awaited, it changes nothing. */
    private static Outcome restartBegun(Phase phase) {
        return switch (phase) {
            case DOWN_SILENT, DOWN_HUNG, DOWN_EXITED ->
                    new Move(Phase.RESTARTING, MoveKind.RESTARTING);
            case RESTARTING, PROBATION -> STAY;
            case STARTING, UP, SUSPECT, DRAINING, RECOVERING, QUARANTINED, STOPPED ->
                    new Refuse("only a unit that is down can be restarted");
        };
    }

    /** A start that ended before it could register is given up without having held the unit. */
    private static Outcome budgetSpent(Phase phase) {
        return switch (phase) {
            case DOWN_SILENT, DOWN_HUNG, DOWN_EXITED, RESTARTING, PROBATION ->
                    new Move(Phase.QUARANTINED, MoveKind.QUARANTINED);
            case QUARANTINED -> STAY;
            case STARTING, UP, SUSPECT, DRAINING, RECOVERING, STOPPED ->
                    new Refuse("only a unit that is down can be given up");
        };
    }

    private static Outcome probationGranted(Phase phase) {
        return switch (phase) {
            case QUARANTINED -> new Move(Phase.PROBATION, MoveKind.PROBATION);
            case PROBATION -> STAY;
            case STARTING,
                    UP,
                    SUSPECT,
                    DRAINING,
                    DOWN_SILENT,
                    DOWN_HUNG,
                    DOWN_EXITED,
                    RESTARTING,
                    RECOVERING,
                    STOPPED ->
                    new Refuse("only a quarantined unit is put on probation");
        };
    }

    private static Outcome removed(Phase phase) {
        return switch (phase) {
            case UP, SUSPECT, DRAINING ->
                    new Refuse("a unit that serves requests is drained, not removed");
            case STARTING,
                    DOWN_SILENT,
                    DOWN_HUNG,
                    DOWN_EXITED,
                    RESTARTING,
                    RECOVERING,
                    QUARANTINED,
                    PROBATION,
                    STOPPED ->
                    new Forget(MoveKind.REMOVED);
        };
    }

    private static Outcome forgetDue(Phase phase) {
        return switch (phase) {
            case DOWN_SILENT, DOWN_HUNG, DOWN_EXITED, STOPPED -> new Forget(MoveKind.FORGOTTEN);
            case STARTING, UP, SUSPECT, DRAINING, RESTARTING, RECOVERING, QUARANTINED, PROBATION ->
                    new Refuse("only a unit that is down or stopped is forgotten");
        };
    }

    private static Outcome startIsOver() {
        return new Refuse("the start that holds the unit is over");
    }
}
