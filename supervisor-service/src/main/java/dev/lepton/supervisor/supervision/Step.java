package dev.lepton.supervisor.supervision;

import dev.lepton.supervisor.journal.UnitRecord;
import dev.lepton.supervisor.supervision.Phase.Afterwards;
import java.time.Duration;
import java.time.Instant;

/** What is done about a unit next; {@link Course} decides it. */
sealed interface Step {

    /** Nothing: it stands where it should. */
    record Stay() implements Step {}

    /** Nothing is to be done but to note where it stands. */
    record Enter(Phase phase) implements Step {}

    /** Start it once its dependencies are up. */
    record AwaitDependencies() implements Step {}

    /** Start it because an operator wants it: earlier failures no longer count. */
    record StartByRequest(String reason) implements Step {}

    /** It may still run, which cannot be told yet: what is wanted is kept until then. */
    record WantRun() implements Step {}

    /** Its run is being ended already: start it when that is done. */
    record StartAfterStop(Phase.Stopping stopping) implements Step {}

    /** End its run. */
    record EndRun(LiveRun live, Afterwards then, String reason) implements Step {}

    /** Leave it stopped. */
    record Rest(String reason) implements Step {}

    /**
     * Start it again by itself.
     *
     * @param entry counts this restart
     */
    record Retry(UnitRecord entry, int attempt, Duration delay, String what) implements Step {}

    /**
     * Give it up.
     *
     * @param onTrialLater whether a start on trial follows after a while
     */
    record Quarantine(String reason, boolean onTrialLater) implements Step {}

    /** Wait for its turn among those of its service that are started again together. */
    record AwaitGroup(String reason) implements Step {}

    /** Wait until it is to be started on trial. */
    record AwaitTrial(String reason, Instant at) implements Step {}

    /** It ended as it may: leave it stopped, for later supervisors too. */
    record Leave(String reason) implements Step {}
}
