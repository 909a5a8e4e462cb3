package dev.lepton.supervisor.supervision;

import dev.lepton.supervisor.journal.UnitRecord;
import dev.lepton.supervisor.journal.UnitRecord.Wish;
import dev.lepton.supervisor.recovery.End;
import dev.lepton.supervisor.runtime.RunLogs;
import dev.lepton.supervisor.supervision.Phase.Afterwards;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
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
    private final Turn turn;
    private final Takeover takeover;
    private final CompletableFuture<Void> gone = new CompletableFuture<>();
    private boolean ending;

    SupervisedUnit(
            UnitPlan plan, UnitRecord entry, RunLogs logs, EventLoop loop, Surroundings around) {
        this.around = around;
        this.standing = new Standing(plan, entry, around.journal(), around.clock());
        this.loop = new UnitLoop(loop, standing::publish);
        this.course = new Course(plan.service().restart(), around.random());
        this.orderlyStop = new OrderlyStop(standing, this.loop, around);
        Readiness readiness = new Readiness(standing, this.loop, around, orderlyStop);
        EndWatch endWatch = new EndWatch(standing, this.loop, around, this::runOver);
        Launcher launcher = new Launcher(standing, logs, around);
        this.turn =
                new Turn(standing, this.loop, around, launcher, endWatch, readiness, this::failed);
        this.takeover =
                new Takeover(standing, around, endWatch, readiness, orderlyStop, this::failed);
    }

    UnitPlan plan() {
        return standing.plan();
    }

    UnitStatus status() {
        return standing.status();
    }

    /** Looks for the run that an earlier supervisor has left, and takes it over. */
    CompletableFuture<Void> recover() {
        CompletableFuture<Void> done = new CompletableFuture<>();
        loop.execute(() -> recover(done));
        return done;
    }

    private void recover(CompletableFuture<Void> done) {
        if (ending) {
            return;
        }
        boolean unknown = false;
        try {
            takeover.findRecordedRun();
        } catch (UncheckedIOException e) {
            // It may still run: nothing is started before that is known.
            unknown = true;
            log.error("cannot tell yet whether {} still runs: {}", plan().id(), e.toString());
            loop.schedule(NEXT_LOOK, () -> recover(done));
        } finally {
            if (!unknown) {
                done.complete(null);
            }
        }
    }

    /** Starts it, unless it runs already or is not wanted to. */
    void begin() {
        loop.execute(() -> take(course.atBegin(standing.phase(), standing.entry())));
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
            if (ending) {
                return;
            }
            switch (standing.phase()) {
                case Phase.Starting starting ->
                        orderlyStop.begin(starting.live(), Afterwards.START_AGAIN, reason);
                case Phase.Up up -> orderlyStop.begin(up.live(), Afterwards.START_AGAIN, reason);
                case Phase.Unknown _,
                        Phase.AwaitingDependencies _,
                        Phase.AwaitingPlace _,
                        Phase.Stopping _,
                        Phase.BackingOff _,
                        Phase.Stopped _,
                        Phase.Quarantined _ ->
                        // Here and now: a stop that follows at once must come after it.
                        take(course.onStart(standing.phase(), reason));
            }
        });
    }

    /** Stops it for good, because the supervisor ends. Completes when no process is left. */
    CompletableFuture<Void> end(String reason) {
        loop.execute(() -> {
            ending = true;
            take(course.onStop(standing.phase(), reason));
        });
        return gone;
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
            case Step.StartAfterStop(Phase.Stopping stopping) -> {
                standing.save(standing.entry().wishing(Wish.RUN, null));
                standing.enter(stopping);
            }
            case Step.EndRun(LiveRun live, Afterwards then, String reason) ->
                    orderlyStop.begin(live, then, reason);
            case Step.Rest(String reason) -> rest(reason);
            case Step.Retry retry -> {
                standing.save(retry.entry());
                standing.recovering(true);
                restartAfter(retry);
            }
            case Step.Quarantine(String reason) -> {
                standing.save(standing.entry().wishing(Wish.QUARANTINED, reason));
                standing.enter(new Phase.Quarantined(reason));
                log.warn("{} QUARANTINED: {}", plan().id(), reason);
            }
            case Step.Leave(String reason) -> {
                standing.save(standing.entry().wishing(Wish.STOPPED, reason));
                log.info("{} stopped: {}", plan().id(), reason);
                rest(reason);
            }
        }
    }

    private void startByRequest(String reason) {
        stopWaiting();
        standing.recovering(false);
        standing.save(standing.entry().wishing(Wish.RUN, null).withRestarts(List.of()));
        turn.awaitPlace(reason);
    }

    private void rest(String reason) {
        stopWaiting();
        standing.enter(new Phase.Stopped(reason));
        if (ending) {
            // The next supervisor begins with a clean sheet, unless this one was killed.
            standing.save(standing.entry().wishing(Wish.RUN, null).withRestarts(List.of()));
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
                    Phase.AwaitingDependencies _,
                    Phase.Starting _,
                    Phase.Up _,
                    Phase.Stopping _,
                    Phase.Stopped _,
                    Phase.Quarantined _ -> {}
        }
    }

    private void restartAfter(Step.Retry retry) {
        String again = retry.what() + "; is restarted";
        if (retry.delay().isZero()) {
            log.info(
                    "{} ended: {}; restart {} at once", plan().id(), retry.what(), retry.attempt());
            turn.awaitPlace(again);
            return;
        }
        String next = "restart %d in %s".formatted(retry.attempt(), Seconds.of(retry.delay()));
        log.info("{} ended: {}; {}", plan().id(), retry.what(), next);
        EventLoop.Timer timer =
                loop.schedule(
                        retry.delay(),
                        () -> {
                            if (standing.phase() instanceof Phase.BackingOff) {
                                turn.awaitPlace(again);
                            }
                        });
        standing.enter(new Phase.BackingOff(timer, retry.what() + "; " + next));
    }
}
