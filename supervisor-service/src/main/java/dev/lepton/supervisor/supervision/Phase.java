package dev.lepton.supervisor.supervision;

/** Where a unit stands in its supervisor's view. */
sealed interface Phase {

    /** Why it stands there, for people. */
    String reason();

    /** The supervisor has just begun and has not looked after the unit yet. */
    record Unknown() implements Phase {
        @Override
        public String reason() {
            return "the supervisor begins";
        }
    }

    /** Run by an earlier supervisor; whether it still runs cannot be told yet. */
    record Unseen(String reason) implements Phase {}

    /** To be started once its dependencies are up. */
    record AwaitingDependencies(String reason) implements Phase {}

    /** To be started once its runtime can start it, and a registry can confirm it if it must. */
    record AwaitingRuntime(String reason) implements Phase {}

    /** To be started once fewer others are starting. */
    record AwaitingPlace(StartGate.Ticket[] ticket, String reason) implements Phase {}

    /** Its process runs and has not been ready yet. */
    record Starting(LiveRun live, String reason) implements Phase {}

    record Up(LiveRun live, String reason) implements Phase {}

    /** Its process is being ended. */
    record Stopping(LiveRun live, Afterwards then, String reason) implements Phase {}

    /** To be started again after a delay. */
    record BackingOff(EventLoop.Timer timer, String reason) implements Phase {}

    /**
     * Stopped with others of its service, because one of them failed; to be started in its turn.
     */
    record AwaitingGroup(String reason) implements Phase {}

    /** Stopped by an operator, ended as it may, or ended with the supervisor. */
    record Stopped(String reason) implements Phase {}

    /** Given up by the policy. */
    record Quarantined(String reason) implements Phase {}

    /** What follows when a process that is being ended has ended. */
    enum Afterwards {
        STAY_STOPPED,
        START_AGAIN,
        /** It was ended because it failed: the restart policy decides. */
        DECIDE,
        /** No registry confirmed it: it is started again once one would, as no failure. */
        AWAIT_REGISTRY,
        /** It is started again in its turn, because another one of its service failed. */
        AWAIT_GROUP
    }
}
