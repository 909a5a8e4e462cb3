package dev.lepton.registry.incident;

import dev.lepton.client.incident.IncidentCause;
import dev.lepton.registry.changelog.LoggedChange;
import dev.lepton.registry.lifecycle.MoveKind;
import dev.lepton.registry.lifecycle.Phase;
import dev.lepton.registry.unit.UnitRow;

/** What a change of the log means for the incidents of its unit. */
sealed interface Happening {

    /** The holder has failed: an incident begins, or a known failure is seen once more. */
    record Failed(IncidentCause cause) implements Happening {}

    /** A new start holds the unit. */
    record NextStart() implements Happening {}

    /** Something about the start that has failed, such as the decision to restart it. */
    record Noted() implements Happening {}

    /** The unit is not started again for now. */
    record GivenUp() implements Happening {}

    /** The unit is up, by another start than the one that has failed or by the same. */
    record Up() implements Happening {}

    /** Nothing more will come of the unit's incidents. */
    record Ended(Ending how) implements Happening {}

    /** No incident has to do with it. */
    record Unrelated() implements Happening {}

    static Happening of(LoggedChange change) {
        UnitRow unit = change.unit();
        if (unit == null) {
            return new Unrelated();
        }
        if (unit.forgotten()) {
            return new Ended(Ending.FORGOTTEN);
        }
        if (change.event().equals(MoveKind.REGISTERED.word())) {
            // Before the first start of a unit none can have failed, and of units that are new a
            // herd may come.
            boolean first = change.from() == null && unit.incarnation() == 1;
            return first ? new Unrelated() : new NextStart();
        }
        return unit.phase() == change.from() ? new Noted() : entered(unit.phase(), change.event());
    }

    private static Happening entered(Phase phase, String event) {
        return switch (phase) {
            case DOWN_EXITED -> new Failed(IncidentCause.EXITED);
            case DOWN_SILENT -> new Failed(IncidentCause.SILENT);
            case DOWN_HUNG ->
                    new Failed(
                            event.equals(MoveKind.START_DEADLINE.word())
                                    ? IncidentCause.START_FAILED
                                    : IncidentCause.HUNG);
            case STARTING, RESTARTING, PROBATION, RECOVERING -> new Noted();
            case QUARANTINED -> new GivenUp();
            case UP -> new Up();
            case STOPPED -> new Ended(Ending.STOPPED);
            case SUSPECT, DRAINING -> new Unrelated();
        };
    }
}
