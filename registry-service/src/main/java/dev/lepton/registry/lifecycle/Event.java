package dev.lepton.registry.lifecycle;

/** What can happen to a unit. */
public enum Event {
    /** A new start was admitted as the unit's holder. */
    REGISTERED("a new start is admitted"),
    /** The holder beat, and its self-check was answered in time. */
    GOOD_BEAT("good beat"),
    /** The holder beat, its self-check was late, but requests complete: slow, not hung. */
    LATE_BEAT("beat, self-check late"),
    /** Proven by a beat or by the supervisor: the process lives and answers nothing. */
    HUNG("proven hung"),
    /** A good beat of a unit that is to stay out, because it flaps. */
    HELD_OUT("good beat, held out as flapping"),
    /** No mark for the time after which a unit is suspected. */
    SILENT("silent"),
    /** No mark for the whole lease. */
    LEASE_EXPIRED("silent for the whole lease"),
    /** Silent for the whole lease, but the cap on silence holds the unit. */
    LEASE_PRESERVED("silent for the whole lease, held by the cap"),
    /** A supervisor's probe failed. */
    PROBE_FAILED("supervisor's probe fails"),
    /** No good beat by the start deadline. */
    START_DEADLINE_PASSED("start deadline passes"),
    /** The process of the holder ended by itself. */
    EXITED("process exits"),
    /** The process of the holder ended because it was asked to. */
    STOPPED_AS_ASKED("process exits as asked"),
    /** The holder said goodbye. */
    DEREGISTERED("unit deregisters"),
    /** The operator or the unit wants no new requests for it. */
    DRAIN_ASKED("drain asked"),
    /** The operator takes the drain back. */
    UNDRAIN_ASKED("undrain asked"),
    /** A supervisor starts the unit again. */
    RESTART_BEGUN("supervisor restarts"),
    /** The restart budget is spent. */
    BUDGET_SPENT("restart budget spent"),
    /** A start on trial was granted, by time or by an operator. */
    PROBATION_GRANTED("probation granted"),
    /** The operator takes the unit out of the lists. */
    REMOVED("operator removes"),
    /** Nobody asked for the unit for so long that it leaves the lists. */
    FORGET_DUE("unclaimed for too long");

    private final String words;

    Event(String words) {
        this.words = words;
    }

    /** How the table of moves calls it. */
    public String words() {
        return words;
    }
}
