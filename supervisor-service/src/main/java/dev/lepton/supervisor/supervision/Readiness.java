package dev.lepton.supervisor.supervision;

import dev.lepton.supervisor.declaration.Beating;
import dev.lepton.supervisor.declaration.Probe;
import dev.lepton.supervisor.supervision.Phase.Afterwards;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks a run whether it is ready: until it is, and for as long as it lasts when the node beats for
 * it. A run that is not ready by its deadline is ended.
 */
final class Readiness {

    private static final Logger log = LoggerFactory.getLogger(Readiness.class);

    private final Standing standing;
    private final EventLoop loop;
    private final Surroundings around;
    private final OrderlyStop orderlyStop;
    private final HangWatch hangWatch;
    private final IncidentNotes notes;

    Readiness(
            Standing standing,
            EventLoop loop,
            Surroundings around,
            OrderlyStop orderlyStop,
            HangWatch hangWatch,
            IncidentNotes notes) {
        this.standing = standing;
        this.loop = loop;
        this.around = around;
        this.orderlyStop = orderlyStop;
        this.hangWatch = hangWatch;
        this.notes = notes;
    }

    /** For a run that has not been ready yet. */
    void awaitFirst(LiveRun live) {
        live.keep(loop.schedule(standing.startDeadline(), () -> deadlineReached(live)));
        probe(live);
    }

    void probe(LiveRun live) {
        if (live.over) {
            return;
        }
        long asked = around.nanos().getAsLong();
        long number = ++live.probes;
        ask(
                live,
                outcome -> {
                    // The answer that a later probe has overtaken must not begin a second series.
                    if (number == live.probes) {
                        probed(live, outcome, asked);
                    }
                });
    }

    private void ask(LiveRun live, Consumer<Prober.Outcome> answered) {
        Probe probe = standing.plan().service().probe();
        Integer port = probedPort(probe);
        if (port != null) {
            around.prober()
                    .ask(probe, live.run.host(), port)
                    .thenAccept(outcome -> loop.execute(() -> answered.accept(outcome)));
        }
    }

    private @Nullable Integer probedPort(Probe probe) {
        return probe.onManagementPort()
                ? standing.entry().managementPort()
                : standing.entry().port();
    }

    private void probed(LiveRun live, Prober.Outcome outcome, long asked) {
        if (live.over || standing.phase() instanceof Phase.Stopping) {
            return;
        }
        around.events().probed(standing.plan(), standing.status(), outcome);
        if (outcome.good() && !live.probedGood) {
            firstGood(live);
        } else if (live.pastDeadline && standing.phase() instanceof Phase.Starting) {
            endInVain(live, outcome);
            return;
        }
        boolean waitsForGood = !live.probedGood;
        if (waitsForGood || standing.plan().service().beating() == Beating.NODE) {
            Duration interval =
                    waitsForGood
                            ? around.timing().startingProbeInterval()
                            : around.timing().probeInterval();
            Duration spent = Duration.ofNanos(around.nanos().getAsLong() - asked);
            Duration rest = interval.minus(spent);
            live.keepNextProbe(
                    loop.schedule(rest.isNegative() ? Duration.ZERO : rest, () -> probe(live)));
        }
    }

    // A supervisor that was itself held up must not take its own delay for the unit's.
    private void deadlineReached(LiveRun live) {
        live.cancelTimers();
        live.pastDeadline = true;
        probe(live);
    }

    private void endInVain(LiveRun live, Prober.Outcome outcome) {
        orderlyStop.begin(
                live,
                Afterwards.DECIDE,
                "not ready within %s (%s)"
                        .formatted(Seconds.of(standing.startDeadline()), outcome.what()));
    }

    private void firstGood(LiveRun live) {
        live.probedGood = true;
        standing.wasReady();
        if (standing.phase() instanceof Phase.Starting) {
            becomeUp(live);
        }
    }

    private void becomeUp(LiveRun live) {
        live.cancelTimers();
        live.leavePlace();
        long now = around.nanos().getAsLong();
        live.readyNanos = now;
        String after = Seconds.of(Duration.ofNanos(now - live.startedNanos));
        standing.recovering(false);
        Duration taken = Duration.ofNanos(now - live.startedNanos);
        standing.save(standing.entry().ready(live.adopted ? null : taken));
        standing.enter(new Phase.Up(live, "ready after " + after));
        log.info("{} ready after {}", standing.plan().id(), after);
        around.brake().released(standing.plan().service().name(), standing.plan().id());
        notes.served();
        if (standing.entry().onTrial()) {
            live.keep(
                    loop.schedule(
                            around.policy(standing.plan()).restart().period(),
                            () -> standing.save(standing.entry().proven())));
        }
        hangWatch.watch(live);
        around.changed().run();
    }
}
