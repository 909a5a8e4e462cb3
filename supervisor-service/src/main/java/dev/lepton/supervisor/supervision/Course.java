package dev.lepton.supervisor.supervision;

import dev.lepton.supervisor.journal.UnitRecord;
import dev.lepton.supervisor.journal.UnitRecord.Wish;
import dev.lepton.supervisor.recovery.End;
import dev.lepton.supervisor.recovery.RestartPolicy;
import dev.lepton.supervisor.supervision.Phase.Afterwards;
import java.time.Instant;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * Decides what is done about a unit next: at the beginning, by request, and when a run ends.
 *
 * @param policies the policy as it is now
 */
record Course(Supplier<RestartPolicy> policies, RandomGenerator random) {

    /** When the supervisor begins to look after the unit. */
    Step atBegin(Phase phase, UnitRecord entry) {
        if (!(phase instanceof Phase.Unknown)) {
            return new Step.Stay();
        }
        return switch (entry.wish()) {
            case RUN -> new Step.AwaitDependencies();
            case STOPPED -> new Step.Enter(new Phase.Stopped(whyHeld(entry)));
            case QUARANTINED ->
                    entry.trialAt() == null
                            ? new Step.Enter(new Phase.Quarantined(whyHeld(entry)))
                            : new Step.AwaitTrial(whyHeld(entry), entry.trialAt());
        };
    }

    /** When an operator wants it to run, whatever the policy decided before. */
    Step onStart(Phase phase, String reason) {
        return switch (phase) {
            case Phase.BackingOff _,
                    Phase.Stopped _,
                    Phase.Quarantined _,
                    Phase.AwaitingGroup _,
                    Phase.AwaitingRuntime _,
                    Phase.AwaitingDependencies _ ->
                    new Step.StartByRequest(reason);
            case Phase.Stopping(LiveRun live, Afterwards then, String _)
                    when then == Afterwards.STAY_STOPPED ->
                    new Step.StartAfterStop(
                            new Phase.Stopping(live, Afterwards.START_AGAIN, reason));
            case Phase.Unseen _ -> new Step.WantRun();
            case Phase.Stopping _,
                    Phase.Starting _,
                    Phase.Up _,
                    Phase.AwaitingPlace _,
                    Phase.Unknown _ ->
                    new Step.Stay();
        };
    }

    /** When it is to stop, by request or with the supervisor. */
    Step onStop(Phase phase, String reason) {
        return switch (phase) {
            case Phase.Starting(LiveRun live, String _) ->
                    new Step.EndRun(live, Afterwards.STAY_STOPPED, reason);
            case Phase.Up(LiveRun live, String _) ->
                    new Step.EndRun(live, Afterwards.STAY_STOPPED, reason);
            case Phase.Stopping(LiveRun live, Afterwards _, String _) ->
                    new Step.Enter(new Phase.Stopping(live, Afterwards.STAY_STOPPED, reason));
            case Phase.Unseen _ -> new Step.Stay();
            case Phase.AwaitingPlace _,
                    Phase.AwaitingRuntime _,
                    Phase.BackingOff _,
                    Phase.Unknown _,
                    Phase.AwaitingDependencies _,
                    Phase.AwaitingGroup _,
                    Phase.Stopped _,
                    Phase.Quarantined _ ->
                    new Step.Rest(reason);
        };
    }

    /** When nothing of a run is left. */
    Step afterRun(Phase phase, End end, UnitRecord entry, boolean ending, Instant now) {
        if (!(phase instanceof Phase.Stopping(LiveRun _, Afterwards then, String reason))) {
            return afterFailure(end, entry, ending, now);
        }
        return switch (then) {
            case STAY_STOPPED -> new Step.Rest(reason);
            case START_AGAIN -> new Step.StartByRequest(reason);
            case AWAIT_REGISTRY -> new Step.AwaitDependencies();
            case AWAIT_GROUP -> new Step.AwaitGroup(reason);
            case DECIDE -> afterFailure(new End(null, reason, end.goodFor()), entry, ending, now);
        };
    }

    /**
     * When a start was in vain, or a run has ended unasked.
     *
     * @param ending whether the supervisor stops the unit for good
     */
    Step afterFailure(End end, UnitRecord entry, boolean ending, Instant now) {
        if (ending) {
            return new Step.Rest(end.what());
        }
        if (entry.wish() == Wish.STOPPED) {
            return new Step.Rest(whyHeld(entry));
        }
        RestartPolicy policy = policies.get();
        if (entry.onTrial() && end.goodFor().compareTo(policy.period()) < 0) {
            return new Step.Quarantine(end.what() + "; it was on trial", true);
        }
        return switch (policy.decide(end, entry.restarts(), entry.series(), now, random)) {
            case RestartPolicy.Restart restart ->
                    new Step.Retry(
                            entry.restartedAt(now, policy.startsAfresh(end)),
                            restart.attempt(),
                            restart.delay(),
                            end.what());
            case RestartPolicy.GiveUp(String reason, boolean onTrialLater) ->
                    new Step.Quarantine(reason, onTrialLater);
            case RestartPolicy.Leave(String reason) -> new Step.Leave(reason);
        };
    }

    static String whyHeld(UnitRecord entry) {
        return Objects.requireNonNullElse(entry.reason(), "stopped");
    }
}
