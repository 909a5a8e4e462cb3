package dev.lepton.supervisor.supervision;

import dev.lepton.client.heartbeat.SelfCheck;
import dev.lepton.client.incident.IncidentCause;
import dev.lepton.client.incident.ProbeResult;
import dev.lepton.supervisor.declaration.Beating;
import dev.lepton.supervisor.declaration.LivenessProbe;
import dev.lepton.supervisor.declaration.Probe;
import dev.lepton.supervisor.declaration.ServiceDeclaration;
import dev.lepton.supervisor.detection.Look;
import dev.lepton.supervisor.detection.Verdict;
import dev.lepton.supervisor.runtime.RunState;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks, for as long as a run is up, whether it hangs: what its process does, and whether it
 * answers through the path that its requests take. A supervisor that was itself held up takes
 * nothing of that time for the unit's fault.
 */
final class HangWatch {

    private static final Logger log = LoggerFactory.getLogger(HangWatch.class);
    private static final int STOPPED_LOOKS = 2;

    private final Standing standing;
    private final EventLoop loop;
    private final Surroundings around;
    private final HungStop hungStop;

    HangWatch(Standing standing, EventLoop loop, Surroundings around, HungStop hungStop) {
        this.standing = standing;
        this.loop = loop;
        this.around = around;
        this.hungStop = hungStop;
    }

    void watch(LiveRun live) {
        live.wellAt = around.clock().instant();
        live.lookDueNanos = around.nanos().getAsLong();
        live.probeDueNanos = live.lookDueNanos;
        look(live);
    }

    /**
     * Whether its probes say as well what the node's beats need to know, and soon enough, so that
     * nobody else is to ask.
     */
    boolean asksForBoth() {
        ServiceDeclaration service = standing.plan().service();
        LivenessProbe liveness = service.liveness();
        return service.beating() == Beating.NODE
                && service.probe().kind() != Probe.Kind.NONE
                && service.probe().equals(liveness.probe())
                && liveness.timeout().compareTo(LivenessProbe.ORDINARY_TIMEOUT) <= 0;
    }

    /** Somebody else doubts the unit: it is not to wait for its next probe. */
    void probeNow() {
        if (standing.phase() instanceof Phase.Up(LiveRun live, String _) && !live.probing) {
            probe(live);
        }
    }

    /**
     * Others have proof that the run hangs. It is asked once more, because their word may be an
     * echo of what was seen here, or have taken its time.
     */
    void confirm(LiveRun live, String reason) {
        LivenessProbe liveness = standing.plan().service().liveness();
        Integer port = port(liveness.probe());
        if (liveness.probe().kind() == Probe.Kind.NONE || port == null) {
            hungStop.begin(live, IncidentCause.HUNG, reason);
            return;
        }
        around.lifeSigns()
                .answers(liveness.probe(), live.run.host(), port, around.timing().lookInterval())
                .thenAccept(outcome ->
                        loop.execute(() -> {
                            live.note(
                                    new ProbeResult(
                                            around.clock().instant(),
                                            outcome.answered(),
                                            outcome.what()));
                            if (up(live) && !outcome.answered() && !drains(live)) {
                                hungStop.begin(live, IncidentCause.HUNG, reason);
                            }
                        }));
    }

    private void look(LiveRun live) {
        if (!up(live)) {
            return;
        }
        long now = around.nanos().getAsLong();
        if (now - live.lookDueNanos > around.timing().lateLimit().toNanos()) {
            live.liveness.reset();
            live.stoppedLooks = 0;
        }
        live.lookDueNanos = now + around.timing().lookInterval().toNanos();
        live.keepNextLook(loop.schedule(around.timing().lookInterval(), () -> look(live)));
        lookAtProcess(live);
        if (up(live)
                && !live.probing
                && (asksForBoth()
                        || live.liveness.unanswered() > 0
                        || now - live.probeDueNanos >= 0)) {
            probe(live);
        }
    }

    private void lookAtProcess(LiveRun live) {
        if (live.run.state() == RunState.STOPPED) {
            live.stoppedLooks++;
            if (live.stoppedLooks == STOPPED_LOOKS) {
                hungStop.begin(
                        live, IncidentCause.STOPPED, "the process is stopped, as by SIGSTOP");
            }
        } else {
            hungStop.withdraw(live, IncidentCause.STOPPED, "the process goes on");
            live.stoppedLooks = 0;
        }
    }

    private void probe(LiveRun live) {
        LivenessProbe liveness = standing.plan().service().liveness();
        Integer port = port(liveness.probe());
        if (liveness.probe().kind() == Probe.Kind.NONE || port == null) {
            return;
        }
        live.probing = true;
        long asked = around.nanos().getAsLong();
        Duration patience =
                live.liveness.unanswered() == 0
                        ? liveness.timeout()
                        : shorter(liveness.timeout(), around.timing().lookInterval());
        around.lifeSigns()
                .answers(liveness.probe(), live.run.host(), port, patience)
                .thenAccept(
                        outcome -> loop.execute(() -> answered(live, outcome, asked, patience)));
    }

    private @Nullable Integer port(Probe probe) {
        return probe.onManagementPort()
                ? standing.entry().managementPort()
                : standing.entry().port();
    }

    private void answered(LiveRun live, Prober.Outcome outcome, long asked, Duration patience) {
        if (!up(live)) {
            live.probing = false;
            return;
        }
        long now = around.nanos().getAsLong();
        live.probeDueNanos = asked + around.timing().livenessInterval().toNanos();
        boolean late = now - asked > patience.plus(around.timing().lateLimit()).toNanos();
        live.note(new ProbeResult(around.clock().instant(), outcome.answered(), outcome.what()));
        if (asksForBoth()) {
            around.events().probed(standing.plan(), standing.status(), outcome);
        }
        if (outcome.answered()) {
            live.probing = false;
            live.wellAt = around.clock().instant();
            live.liveness.reset();
            stays(live);
            hungStop.withdraw(live, IncidentCause.HUNG, "answers again");
        } else if (late) {
            live.probing = false;
            live.liveness.reset();
        } else {
            selfReport(live, patience)
                    .thenAccept(report ->
                            loop.execute(() -> judge(live, outcome, report, asked, patience)));
        }
    }

    private CompletableFuture<LifeSigns.SelfReport> selfReport(LiveRun live, Duration patience) {
        Integer port = standing.entry().managementPort();
        return port == null || standing.plan().service().beating() != Beating.SELF
                ? CompletableFuture.completedFuture(LifeSigns.SelfReport.NONE)
                : around.lifeSigns().selfReport(live.run.host(), port, patience);
    }

    private void judge(
            LiveRun live,
            Prober.Outcome outcome,
            LifeSigns.SelfReport report,
            long asked,
            Duration patience) {
        live.probing = false;
        if (!up(live)) {
            return;
        }
        long now = around.nanos().getAsLong();
        if (now - asked > patience.multipliedBy(2).plus(around.timing().lateLimit()).toNanos()) {
            live.liveness.reset();
            return;
        }
        if (report.stops() || drains(live)) {
            awaitEnd(live, now);
            return;
        }
        boolean tooSoon =
                live.liveness.unanswered() > 0
                        && asked - live.countedNanos < around.timing().lookInterval().toNanos();
        if (tooSoon) {
            // Refused connections fail at once: several of them are one moment, not several.
            around.events().unanswered(standing.plan(), live.run.startId(), outcome.what());
            return;
        }
        live.countedNanos = asked;
        Look look =
                new Look(
                        outcome.what(),
                        report.completedRequests(),
                        report.selfCheck() == SelfCheck.UNANSWERED,
                        live.run.cpuTime());
        switch (live.liveness.unanswered(look, now)) {
            case Verdict.Unanswered _ ->
                    around.events().unanswered(standing.plan(), live.run.startId(), outcome.what());
            case Verdict.Slow(String reason) ->
                    log.debug("{} is slow: {}", standing.plan().id(), reason);
            case Verdict.Hung(String reason) -> hungStop.begin(live, IncidentCause.HUNG, reason);
        }
    }

    /** Whether it has been seen to drain, by others or before: then it may be silent. */
    private boolean drains(LiveRun live) {
        return live.endDueNanos != null
                || around.events().drains(standing.plan(), live.run.startId());
    }

    /** A run that ends because somebody else told it to has as long as if it were told here. */
    private void awaitEnd(LiveRun live, long now) {
        Duration limit = standing.plan().service().stopTimeout();
        live.liveness.reset();
        if (live.endDueNanos == null) {
            live.endDueNanos = now + limit.toNanos();
            String reason =
                    "drains unasked and answers no more; it has %s to end"
                            .formatted(Seconds.of(limit));
            log.info("{} {}", standing.plan().id(), reason);
            standing.enter(new Phase.Up(live, reason));
            // It may have refused several probes before anybody could know why.
            hungStop.withdraw(live, IncidentCause.HUNG, reason);
        } else if (now - live.endDueNanos >= 0) {
            hungStop.begin(
                    live,
                    IncidentCause.HUNG,
                    "not ended within %s of its drain".formatted(Seconds.of(limit)));
        }
    }

    private void stays(LiveRun live) {
        if (live.endDueNanos != null) {
            live.endDueNanos = null;
            standing.enter(new Phase.Up(live, "answers again"));
            around.changed().run();
        }
    }

    private boolean up(LiveRun live) {
        return !live.over
                && standing.phase() instanceof Phase.Up(LiveRun present, String _)
                && present == live;
    }

    private static Duration shorter(Duration a, Duration b) {
        return a.compareTo(b) < 0 ? a : b;
    }
}
