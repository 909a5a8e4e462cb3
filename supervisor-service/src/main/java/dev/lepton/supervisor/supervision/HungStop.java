package dev.lepton.supervisor.supervision;

import dev.lepton.client.incident.IncidentCause;
import dev.lepton.client.recovery.KillCause;
import dev.lepton.supervisor.runtime.Next;
import dev.lepton.supervisor.supervision.Phase.Afterwards;
import java.time.Duration;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends a run that lives and answers nothing: takes it out of routing at once, asks for a permit,
 * takes its black box, and kills it without any grace, which it would not use.
 */
final class HungStop {

    private static final Logger log = LoggerFactory.getLogger(HungStop.class);
    private static final Duration DUMP_POLL = Duration.ofMillis(50);

    private final Standing standing;
    private final EventLoop loop;
    private final Surroundings around;
    private final Permits permits;
    private final Runnable withdrawn;

    /**
     * @param withdrawn told when a run that was taken for hung is not
     */
    HungStop(
            Standing standing,
            EventLoop loop,
            Surroundings around,
            Permits permits,
            Runnable withdrawn) {
        this.standing = standing;
        this.loop = loop;
        this.around = around;
        this.permits = permits;
        this.withdrawn = withdrawn;
    }

    void begin(LiveRun live, IncidentCause cause, String reason) {
        if (live.cause != null) {
            return;
        }
        live.cause = cause;
        live.detectedAt = around.clock().instant();
        log.warn("{} hangs: {}", standing.plan().id(), reason);
        standing.enter(new Phase.Up(live, reason));
        around.events()
                .hung(
                        standing.plan(),
                        live.run.startId(),
                        standing.withDrill(live.run.startId(), reason));
        permits.await(
                live,
                KillCause.HUNG,
                () -> live.cause != null && awaits(live),
                () -> takeBlackBox(live, reason),
                why -> standing.enter(new Phase.Up(live, reason + "; not ended yet: " + why)));
    }

    /** What was seen is no longer so, and nothing was done about it yet. */
    void withdraw(LiveRun live, IncidentCause cause, String why) {
        if (live.cause == cause && awaits(live)) {
            log.info("{} is left alone: {}", standing.plan().id(), why);
            live.cause = null;
            live.detectedAt = null;
            permits.withdraw(live);
            standing.enter(new Phase.Up(live, why));
            withdrawn.run();
        }
    }

    private void takeBlackBox(LiveRun live, String reason) {
        live.cancelTimers();
        live.signalled = true;
        standing.enter(new Phase.Stopping(live, Afterwards.DECIDE, reason));
        if (live.cause == IncidentCause.STOPPED) {
            live.threads = live.run.description();
            kill(live);
        } else if (standing.plan().service().runsOnJava() && standing.entry().log() != null) {
            ThreadDump dump = new ThreadDump(Objects.requireNonNull(standing.entry().log()));
            live.run.askForThreads();
            awaitDump(
                    live,
                    dump,
                    around.nanos().getAsLong() + around.timing().dumpTimeout().toNanos());
        } else {
            kill(live);
        }
    }

    private void awaitDump(LiveRun live, ThreadDump dump, long untilNanos) {
        if (live.over) {
            return;
        }
        if (dump.complete() || around.nanos().getAsLong() - untilNanos >= 0) {
            live.threads = dump.text();
            kill(live);
        } else {
            loop.schedule(DUMP_POLL, () -> awaitDump(live, dump, untilNanos));
        }
    }

    private void kill(LiveRun live) {
        log.info("ending {}: SIGKILL to {}", standing.plan().id(), live.run.mark().words());
        live.run.kill(Next.ANOTHER_RUN);
    }

    private boolean awaits(LiveRun live) {
        return !live.over
                && standing.phase() instanceof Phase.Up(LiveRun present, String _)
                && present == live;
    }
}
