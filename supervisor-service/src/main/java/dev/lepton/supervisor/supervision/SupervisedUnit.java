package dev.lepton.supervisor.supervision;

import dev.lepton.client.desired.Desired;
import dev.lepton.client.incident.DrillFault;
import dev.lepton.client.recovery.KillCause;
import dev.lepton.client.unit.StartId;
import dev.lepton.supervisor.journal.UnitRecord;
import dev.lepton.supervisor.journal.UnitRecord.Wish;
import dev.lepton.supervisor.recovery.End;
import dev.lepton.supervisor.runtime.RunLogs;
import dev.lepton.supervisor.supervision.Phase.Afterwards;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps one unit running: starts it in its turn, watches it become ready, restarts it by its
 * policy, and stops it in order. All its state belongs to its event loop; the rest of the
 * supervisor talks to it by requests and reads its {@link #status()}.
 */
final class SupervisedUnit {

    private static final Logger log = LoggerFactory.getLogger(SupervisedUnit.class);
    private static final Duration NEXT_LOOK = Duration.ofSeconds(1);

    private final Surroundings around;
    private final Standing standing;
    private final EventLoop loop;
    private final Course course;
    private final OrderlyStop orderlyStop;
    private final FencedStop fencedStop;
    private final HungStop hungStop;
    private final HangWatch hangWatch;
    private final Permits permits;
    private final Strike strike;
    private final IncidentNotes notes;
    private final Turn turn;
    private final Takeover takeover;
    private final GroupMember group;
    private final Recovery recovery;
    private final CompletableFuture<Void> gone = new CompletableFuture<>();
    private boolean ending;

    SupervisedUnit(
            UnitPlan plan, UnitRecord entry, RunLogs logs, EventLoop loop, Surroundings around) {
        this.around = around;
        this.standing =
                new Standing(
                        plan, entry, around.journal(), around.clock(), () -> around.policy(plan));
        this.loop = new UnitLoop(loop, this::published);
        this.course = new Course(() -> around.policy(plan).restart(), around.random());
        this.orderlyStop = new OrderlyStop(standing, this.loop, around);
        this.fencedStop = new FencedStop(standing, this.loop);
        this.permits = new Permits(standing, this.loop, around);
        this.strike = new Strike(standing, this.loop, around, permits);
        this.hungStop = new HungStop(standing, this.loop, around, permits, this::withdrawn);
        this.hangWatch = new HangWatch(standing, this.loop, around, hungStop);
        this.notes = new IncidentNotes(standing, around);
        Readiness readiness =
                new Readiness(standing, this.loop, around, orderlyStop, hangWatch, notes);
        EndWatch endWatch = new EndWatch(standing, this.loop, around, notes, this::runOver);
        Launcher launcher = new Launcher(standing, logs, around);
        this.turn =
                new Turn(
                        standing,
                        this.loop,
                        around,
                        launcher,
                        endWatch,
                        readiness,
                        notes,
                        this::failed);
        this.takeover =
                new Takeover(
                        standing,
                        around,
                        endWatch,
                        readiness,
                        orderlyStop,
                        hangWatch,
                        this::failed);
        this.group = new GroupMember(standing, orderlyStop, turn, this::stopWaiting);
        this.recovery = new Recovery(this, standing, this.loop, around, turn, notes, permits);
    }

    UnitPlan plan() {
        return standing.plan();
    }

    UnitStatus status() {
        return standing.status();
    }

    private void published() {
        standing.publish();
        group.afterTask();
    }

    /**
     * Takes over the run that an earlier supervisor has left; starts the unit when none is left,
     * unless it is not wanted to run.
     */
    void begin() {
        loop.execute(this::takeOver);
    }

    private void takeOver() {
        boolean begins =
                standing.phase() instanceof Phase.Unknown
                        || standing.phase() instanceof Phase.Unseen;
        if (ending || !begins) {
            return;
        }
        try {
            takeover.findRecordedRun();
            strike.awaitEffect();
        } catch (UncheckedIOException e) {
            // It may still run: nothing is started before that is known.
            awaitSight(String.valueOf(e.getMessage()));
            return;
        }
        replaceIfAsked();
        take(course.atBegin(standing.phase(), standing.entry()));
    }

    private void awaitSight(String why) {
        String waits = "waits: it cannot be told whether it still runs: " + why;
        if (!waits.equals(standing.phase().reason())) {
            log.warn("{} {}", plan().id(), waits);
        }
        standing.enter(new Phase.Unseen(waits));
        loop.schedule(NEXT_LOOK, this::takeOver);
    }

    void dependenciesChanged() {
        loop.execute(() -> {
            if (standing.phase() instanceof Phase.AwaitingDependencies) {
                turn.awaitDependencies();
            }
        });
    }

    /** An operator wants it to run, whatever the policy decided before. */
    void start(String reason) {
        loop.execute(() -> {
            if (!ending) {
                take(course.onStart(standing.phase(), reason));
            }
        });
    }

    /** Whoever starts what was stopped or given up here wants it to run. */
    void startedElsewhere() {
        loop.execute(() -> {
            boolean held =
                    standing.phase() instanceof Phase.Stopped
                            || standing.phase() instanceof Phase.Quarantined;
            if (!ending && held) {
                take(course.onStart(standing.phase(), "it was started elsewhere"));
            }
        });
    }

    /** An operator wants it stopped until it is started again. */
    void stop(String reason) {
        loop.execute(() -> {
            if (!ending) {
                standing.save(standing.entry().wishing(Wish.STOPPED, reason));
                take(course.onStop(standing.phase(), reason));
            }
        });
    }

    /** An operator wants a new process. */
    void restart(String reason) {
        loop.execute(() -> {
            if (!ending) {
                standing.save(standing.entry().replacing(standing.entry().startId()));
                replace(reason);
            }
        });
    }

    /** A drill wants this start to fail. */
    CompletableFuture<StrikeOutcome> strike(StartId start, DrillFault fault, String decidedBy) {
        CompletableFuture<StrikeOutcome> outcome = new CompletableFuture<>();
        loop.execute(() -> strike.begin(start, fault, decidedBy, outcome));
        return outcome;
    }

    /** Completes with why it would not be started again after a drill, empty when it would be. */
    CompletableFuture<Optional<String>> notRestarted(DrillFault fault) {
        CompletableFuture<Optional<String>> answer = new CompletableFuture<>();
        loop.execute(() -> answer.complete(Optional.ofNullable(strike.notRestarted(fault))));
        return answer;
    }

    /** Brings the unit to what is wanted of it, unless it was brought there before. */
    void follow(Desired desired, String clusterId) {
        loop.execute(() -> {
            Following step = Following.of(standing.entry(), desired, clusterId, around.node());
            if (ending || step == Following.NOTHING) {
                return;
            }
            String reason = Following.reason(desired, around.node());
            standing.save(step.intent(standing.entry(), desired, clusterId, reason));
            switch (step) {
                case NOTHING, NOTED -> {}
                case STOP -> take(course.onStop(standing.phase(), reason));
                case RUN -> take(course.onStart(standing.phase(), reason));
                case RESTART -> replace(reason);
            }
        });
    }

    /** The registry has assigned it to this node, whose declaration does not name it. */
    void assigned() {
        loop.execute(() -> standing.save(standing.entry().assignedTo(plan().service().name())));
        // An earlier supervisor may have run it already.
        begin();
    }

    /**
     * Stops it for good, because the supervisor ends. Completes when nothing of it is left that
     * ends with the supervisor.
     */
    CompletableFuture<Void> end(String reason) {
        loop.execute(() -> {
            ending = true;
            boolean unseen = standing.phase() instanceof Phase.Unseen;
            if (around.runtime().endsWithSupervisor(plan().id()) && !unseen) {
                take(course.onStop(standing.phase(), reason));
            } else {
                leave();
            }
        });
        return gone;
    }

    /** Its record stays as it is, and the next supervisor goes on from there. */
    private void leave() {
        stopWaiting();
        if (standing.live() instanceof LiveRun live) {
            live.cancelTimers();
            live.over = true;
            log.info("{} goes on without the supervisor", plan().id());
        }
        gone.complete(null);
        loop.close();
    }

    /** Somebody else doubts it. */
    void probeNow() {
        loop.execute(hangWatch::probeNow);
    }

    /** The registry has proof that this start hangs. */
    void hangs(StartId start, String reason) {
        loop.execute(() -> {
            if (standing.phase() instanceof Phase.Up(LiveRun live, String _)
                    && live.run.startId().equals(start)) {
                hangWatch.confirm(live, reason);
            }
        });
    }

    /**
     * No registry has confirmed this start, of an exclusive unit, for too long.
     *
     * @param left when it must have ended
     */
    void unconfirmed(StartId start, Duration left) {
        loop.execute(() -> fence(start, left, FencedStop.UNCONFIRMED));
    }

    /** A registry has refused this start, because another one may be at work. */
    void displaced(StartId start) {
        loop.execute(() -> {
            if (around.policy(plan()).exclusive()) {
                fence(start, Duration.ZERO, FencedStop.DISPLACED);
            }
        });
    }

    private void fence(StartId start, Duration left, String why) {
        if (standing.unfinished() instanceof LiveRun live && live.run.startId().equals(start)) {
            fencedStop.begin(live, left, why);
        }
    }

    /** It was taken for hung and is not: others may wait for it, and it for a restart. */
    private void withdrawn() {
        around.changed().run();
        replaceIfAsked();
    }

    /** Completes once it waits for its turn, or takes no part. */
    CompletableFuture<Void> stopForGroup(String reason) {
        CompletableFuture<Void> stopped = new CompletableFuture<>();
        loop.execute(() -> group.stop(reason, stopped));
        return stopped;
    }

    /** Completes once it is ready or has failed. */
    CompletableFuture<Void> startForGroup(String reason) {
        CompletableFuture<Void> started = new CompletableFuture<>();
        loop.execute(() -> group.start(reason, started));
        return started;
    }

    /**
     * A restart may have been asked before a kill of the supervisor, or before a hang that was
     * none.
     */
    private void replaceIfAsked() {
        // One that is being ended already may be meant to stay stopped.
        if (!(standing.phase() instanceof Phase.Stopping)
                && standing.live() instanceof LiveRun live
                && live.run.startId().equals(standing.entry().replaced())) {
            replace("a restart that was asked for earlier");
        }
    }

    private void replace(String reason) {
        switch (standing.phase()) {
            case Phase.Starting starting ->
                    orderlyStop.begin(starting.live(), Afterwards.START_AGAIN, reason);
            case Phase.Up(LiveRun live, String _) ->
                    permits.await(
                            live,
                            KillCause.OPERATOR,
                            () -> mayBeReplaced(live),
                            () -> orderlyStop.begin(live, Afterwards.START_AGAIN, reason),
                            why ->
                                    standing.enter(
                                            new Phase.Up(
                                                    live, reason + "; not ended yet: " + why)));
            case Phase.Unknown _,
                    Phase.Unseen _,
                    Phase.AwaitingDependencies _,
                    Phase.AwaitingPlace _,
                    Phase.AwaitingRuntime _,
                    Phase.AwaitingGroup _,
                    Phase.Stopping _,
                    Phase.BackingOff _,
                    Phase.Stopped _,
                    Phase.Quarantined _ ->
                    // Here and now: a stop that follows at once must come after it.
                    take(course.onStart(standing.phase(), reason));
        }
    }

    private boolean mayBeReplaced(LiveRun live) {
        return !live.over
                && live.cause == null
                && standing.phase() instanceof Phase.Up(LiveRun present, String _)
                && present == live;
    }

    private void runOver(End end) {
        take(
                course.afterRun(
                        standing.phase(), end, standing.entry(), ending, around.clock().instant()));
    }

    private void failed(End end) {
        take(course.afterFailure(end, standing.entry(), ending, around.clock().instant()));
    }

    private void take(Step step) {
        switch (step) {
            case Step.Stay _ -> {}
            case Step.Enter(Phase phase) -> standing.enter(phase);
            case Step.AwaitDependencies _ -> turn.awaitDependencies();
            case Step.StartByRequest(String reason) -> startByRequest(reason);
            case Step.WantRun _ -> standing.save(standing.entry().wishing(Wish.RUN, null));
            case Step.StartAfterStop(Phase.Stopping stopping) -> {
                standing.save(standing.entry().wishing(Wish.RUN, null));
                standing.enter(stopping);
            }
            case Step.EndRun(LiveRun live, Afterwards then, String reason) ->
                    orderlyStop.begin(live, then, reason);
            case Step.Rest(String reason) -> rest(reason);
            case Step.AwaitGroup(String reason) -> standing.enter(new Phase.AwaitingGroup(reason));
            case Step.Retry retry -> recovery.retry(retry);
            case Step.Quarantine(String reason, boolean onTrialLater) ->
                    recovery.giveUp(reason, onTrialLater);
            case Step.AwaitTrial(String reason, Instant at) -> recovery.awaitTrial(reason, at);
            case Step.Leave(String reason) -> {
                standing.save(standing.entry().wishing(Wish.STOPPED, reason));
                log.info("{} stopped: {}", plan().id(), reason);
                notes.decided(reason);
                rest(reason);
            }
        }
    }

    private void startByRequest(String reason) {
        stopWaiting();
        standing.recovering(false);
        standing.save(standing.entry().wishing(Wish.RUN, null).forgiven());
        turn.awaitPlace(reason);
    }

    private void rest(String reason) {
        stopWaiting();
        permits.release();
        around.runtime().rest(plan().id());
        standing.enter(new Phase.Stopped(reason));
        if (ending) {
            // The next supervisor begins with a clean sheet, unless this one was killed; what is
            // wanted at the registry it reads again.
            standing.save(standing.entry().wishing(Wish.RUN, null).forgiven().unfollowed());
            standing.publish();
            gone.complete(null);
            loop.close();
        }
    }

    /** What it has waited for must not come any more. */
    private void stopWaiting() {
        switch (standing.phase()) {
            case Phase.AwaitingPlace waiting -> waiting.ticket()[0].leave();
            case Phase.BackingOff backingOff -> backingOff.timer().cancel();
            case Phase.Unknown _,
                    Phase.Unseen _,
                    Phase.AwaitingDependencies _,
                    Phase.AwaitingRuntime _,
                    Phase.AwaitingGroup _,
                    Phase.Starting _,
                    Phase.Up _,
                    Phase.Stopping _,
                    Phase.Stopped _,
                    Phase.Quarantined _ -> {}
        }
    }
}
