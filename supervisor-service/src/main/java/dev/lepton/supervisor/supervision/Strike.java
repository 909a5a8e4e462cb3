package dev.lepton.supervisor.supervision;

import dev.lepton.client.incident.Drill;
import dev.lepton.client.incident.DrillFault;
import dev.lepton.client.recovery.KillCause;
import dev.lepton.client.unit.StartId;
import dev.lepton.supervisor.journal.StruckRun;
import dev.lepton.supervisor.recovery.End;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the run that is on fail for a drill: by the registry's permit alone, and only if the unit
 * will be started again by its policy, and once more after that. It is on disk before it is done,
 * and whatever follows is the ordinary recovery.
 */
final class Strike {

    private static final Logger log = LoggerFactory.getLogger(Strike.class);
    private static final int KILLED = 137;

    /** Longer than it takes to find out a process that hangs. */
    private static final Duration EFFECT = Duration.ofSeconds(15);

    private final Standing standing;
    private final EventLoop loop;
    private final Surroundings around;
    private final Permits permits;

    Strike(Standing standing, EventLoop loop, Surroundings around, Permits permits) {
        this.standing = standing;
        this.loop = loop;
        this.around = around;
        this.permits = permits;
    }

    void begin(
            StartId start,
            DrillFault fault,
            String decidedBy,
            CompletableFuture<StrikeOutcome> outcome) {
        if (outcome.isDone()) {
            // Whoever asked was told that nothing is done, because this loop was held up.
            return;
        }
        String objection = objection(start, fault);
        LiveRun live = standing.live();
        if (objection != null || live == null) {
            refuse(outcome, String.valueOf(objection));
            return;
        }
        permits.askOnce(
                live,
                KillCause.DRILL,
                () -> !outcome.isDone() && objection(start, fault) == null,
                () -> strike(live, new Drill(fault, decidedBy, around.clock().instant()), outcome),
                why -> refuse(outcome, why));
    }

    /** Why the unit must not be made to fail as far as it alone goes, null when it may be. */
    private @Nullable String objection(StartId start, DrillFault fault) {
        if (!(standing.phase() instanceof Phase.Up(LiveRun live, String reason)) || !well(live)) {
            return "'%s' is not UP: %s".formatted(standing.plan().id(), standing.phase().reason());
        }
        if (!live.run.startId().equals(start)) {
            return "start %s does not hold '%s' any more: start %s does"
                    .formatted(start, standing.plan().id(), live.run.startId());
        }
        if (start.equals(standing.entry().replaced())) {
            return "'%s' waits to be restarted: %s".formatted(standing.plan().id(), reason);
        }
        return notRestarted(fault);
    }

    private static boolean well(LiveRun live) {
        return !live.over && !live.signalled && live.cause == null && live.endDueNanos == null;
    }

    /** Why the unit would not be well again after it, or not after one more failure; else null. */
    @Nullable String notRestarted(DrillFault fault) {
        if (standing.entry().onTrial()) {
            return "it runs on trial after it was given up: one failure, and it is given up again";
        }
        LiveRun live = standing.live();
        Duration goodFor = live == null ? Duration.ZERO : live.goodFor(around.nanos().getAsLong());
        End end =
                switch (fault) {
                    case KILL -> new End(KILLED, "signal 9 (SIGKILL)", goodFor);
                    case HANG -> new End(null, "stopped, then killed", goodFor);
                };
        return around.policy(standing.plan())
                .restart()
                .objection(end, standing.entry().restarts(), around.clock().instant());
    }

    private void strike(LiveRun live, Drill drill, CompletableFuture<StrikeOutcome> outcome) {
        StartId start = live.run.startId();
        standing.save(standing.entry().struckBy(new StruckRun(start, drill)));
        standing.publish();
        log.warn("{} is {}: start {}", standing.plan().id(), drill.words(), start);
        live.run
                .strike(drill.fault())
                .thenAccept(done ->
                        loop.execute(() -> {
                            if (done) {
                                awaitEffect();
                                outcome.complete(new StrikeOutcome.Struck(drill));
                            } else {
                                over(live);
                                refuse(outcome, "its process could not be struck: it has ended");
                            }
                        }));
    }

    /** A process that somebody has told to go on is no longer struck. */
    void awaitEffect() {
        StruckRun struck = standing.entry().struck();
        if (struck != null) {
            loop.schedule(EFFECT, () -> findOutWhetherItGoesOn(struck));
        }
    }

    /** A later drill of the unit has an end of its own to wait for. */
    private void findOutWhetherItGoesOn(StruckRun struck) {
        if (standing.phase() instanceof Phase.Up(LiveRun live, String _)
                && well(live)
                && live.run.startId().equals(struck.startId())
                && struck.equals(standing.entry().struck())) {
            log.warn("{} goes on after a drill has struck it", standing.plan().id());
            over(live);
        }
    }

    private void over(LiveRun live) {
        standing.save(standing.entry().struckBy(null));
        standing.publish();
        permits.withdraw(live);
    }

    private void refuse(CompletableFuture<StrikeOutcome> outcome, String why) {
        log.info("no drill strikes {}: {}", standing.plan().id(), why);
        outcome.complete(new StrikeOutcome.Refused(why));
    }
}
