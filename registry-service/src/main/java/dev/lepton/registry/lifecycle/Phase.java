package dev.lepton.registry.lifecycle;

import dev.lepton.client.unit.UnitState;

/**
 * A state of the lifecycle. DOWN is three of them, because what a unit may do next depends on why
 * it is down; and to be started again is another thing before the new start holds the unit than
 * after.
 */
public enum Phase {
    STARTING(UnitState.STARTING),
    UP(UnitState.UP),
    SUSPECT(UnitState.SUSPECT),
    DRAINING(UnitState.DRAINING),
    /** Silent for the whole lease: may come back by a beat. */
    DOWN_SILENT(UnitState.DOWN),
    /** Alive, but answers nothing: may come back by a good beat. */
    DOWN_HUNG(UnitState.DOWN),
    /** The process has ended: its start-id is over. */
    DOWN_EXITED(UnitState.DOWN),
    /** A supervisor starts it again; the start that still holds it is over. */
    RESTARTING(UnitState.RECOVERING),
    /** The start that is to bring it back holds it, and has yet to beat. */
    RECOVERING(UnitState.RECOVERING),
    QUARANTINED(UnitState.QUARANTINED),
    /** A supervisor starts it on trial; the start that still holds it is over. */
    PROBATION(UnitState.STARTING),
    STOPPED(UnitState.STOPPED);

    private final UnitState state;

    Phase(UnitState state) {
        this.state = state;
    }

    /** What everyone outside the registry sees. */
    public UnitState state() {
        return state;
    }
}
