package dev.lepton.registry.changelog;

/** What became of a {@link ProposedChange}. */
public sealed interface WriteOutcome {

    /** Committed, as this revision of the change log. */
    record Written(long revision) implements WriteOutcome {}

    /** Somebody else changed the row first: read it again and decide again. */
    record OutOfDate() implements WriteOutcome {}

    /** Another process leads now: the duty must stop. */
    record Deposed() implements WriteOutcome {}
}
