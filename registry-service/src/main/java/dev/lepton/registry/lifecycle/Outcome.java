package dev.lepton.registry.lifecycle;

/** What an event does to a unit in a phase. */
public sealed interface Outcome {

    /** The unit enters {@code to}; one row in the change log. */
    record Move(Phase to, MoveKind kind) implements Outcome {}

    /** The unit leaves the lists; one row in the change log. */
    record Forget(MoveKind kind) implements Outcome {}

    /** Nothing changes, and that is right. */
    record Stay() implements Outcome {}

    /** The event is not possible or not allowed in this phase; whoever caused it is told why. */
    record Refuse(String why) implements Outcome {}
}
