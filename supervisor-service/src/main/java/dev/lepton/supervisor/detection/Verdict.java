package dev.lepton.supervisor.detection;

/** What follows from the last probe of a unit. */
public sealed interface Verdict {

    /** It was not answered, which may have many reasons. */
    record Unanswered(int inARow) implements Verdict {}

    /** It was not answered, but the unit works: slow, not hung. */
    record Slow(String reason) implements Verdict {}

    /** The process lives and answers nothing. */
    record Hung(String reason) implements Verdict {}
}
