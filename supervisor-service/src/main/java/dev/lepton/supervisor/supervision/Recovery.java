package dev.lepton.supervisor.supervision;

import dev.lepton.client.policy.RestartStrategy;
import dev.lepton.client.recovery.RecoveryStep;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries out what the policy has decided about a unit that failed: another start, alone or with
 * those of its service, or quarantine and a start on trial.
 */
final class Recovery {

    private static final Logger log = LoggerFactory.getLogger(Recovery.class);

    private final SupervisedUnit unit;
    private final Standing standing;
    private final EventLoop loop;
    private final Surroundings around;
    private final Turn turn;
    private final IncidentNotes notes;
    private final Permits permits;

    Recovery(
            SupervisedUnit unit,
            Standing standing,
            EventLoop loop,
            Surroundings around,
            Turn turn,
            IncidentNotes notes,
            Permits permits) {
        this.unit = unit;
        this.standing = standing;
        this.loop = loop;
        this.around = around;
        this.turn = turn;
        this.notes = notes;
        this.permits = permits;
    }

    void giveUp(String reason, boolean onTrialLater) {
        Instant trial =
                onTrialLater
                        ? around.clock().instant().plus(around.policy(standing.plan()).probation())
                        : null;
        standing.save(standing.entry().givenUp(reason, trial));
        permits.release();
        around.runtime().rest(standing.plan().id());
        log.warn("{} QUARANTINED: {}", standing.plan().id(), reason);
        notes.decided("given up: " + reason);
        around.events()
                .recovery(standing.plan(), standing.lastStart(), RecoveryStep.GAVE_UP, reason);
        if (trial == null) {
            standing.enter(new Phase.Quarantined(reason));
        } else {
            awaitTrial(reason, trial);
        }
    }

    void awaitTrial(String reason, Instant at) {
        Phase.Quarantined quarantined = new Phase.Quarantined(reason);
        standing.enter(quarantined);
        Duration wait = Duration.between(around.clock().instant(), at);
        loop.schedule(
                wait.isNegative() ? Duration.ZERO : wait,
                () -> {
                    if (standing.phase() == quarantined) {
                        tryAgain();
                    }
                });
    }

    private void tryAgain() {
        String reason = "a start on trial after it was given up";
        log.info("{}: {}", standing.plan().id(), reason);
        standing.save(standing.entry().tried());
        standing.recovering(true);
        around.events()
                .recovery(standing.plan(), standing.lastStart(), RecoveryStep.PROBATION, reason);
        turn.awaitPlace(reason);
    }

    void retry(Step.Retry retry) {
        standing.save(retry.entry());
        standing.recovering(true);
        Duration delay = delay(retry);
        String next =
                delay.isZero()
                        ? "restart %d at once".formatted(retry.attempt())
                        : "restart %d in %s".formatted(retry.attempt(), Seconds.of(delay));
        log.info("{} ended: {}; {}", standing.plan().id(), retry.what(), next);
        notes.decided(next);
        around.events()
                .recovery(
                        standing.plan(),
                        standing.lastStart(),
                        RecoveryStep.RESTARTING,
                        retry.what() + "; " + next);
        RestartStrategy strategy = around.policy(standing.plan()).strategy();
        if (strategy == RestartStrategy.ONE_FOR_ONE) {
            restartAfter(retry, delay, next);
        } else {
            restartTogether(retry, delay, strategy, next);
        }
    }

    /**
     * What the engine has already started again is to be watched at once: it keeps its own pace.
     */
    private Duration delay(Step.Retry retry) {
        return standing.plan().service().inContainers() ? Duration.ZERO : retry.delay();
    }

    private void restartAfter(Step.Retry retry, Duration delay, String next) {
        String again = retry.what() + "; is restarted";
        if (delay.isZero()) {
            turn.awaitPlace(again);
            return;
        }
        EventLoop.Timer timer =
                loop.schedule(
                        delay,
                        () -> {
                            if (standing.phase() instanceof Phase.BackingOff) {
                                turn.awaitPlace(again);
                            }
                        });
        standing.enter(new Phase.BackingOff(timer, retry.what() + "; " + next));
    }

    private void restartTogether(
            Step.Retry retry, Duration wait, RestartStrategy strategy, String next) {
        standing.enter(new Phase.AwaitingGroup(retry.what() + "; " + next));
        CompletableFuture<Void> delay = new CompletableFuture<>();
        if (wait.isZero()) {
            delay.complete(null);
        } else {
            loop.schedule(wait, () -> delay.complete(null));
        }
        around.group(standing.plan().service().name())
                .begin(
                        unit,
                        strategy,
                        delay,
                        "%s failed: %s".formatted(standing.plan().id(), retry.what()));
    }
}
