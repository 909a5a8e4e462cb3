package dev.lepton.supervisor.supervision;

import dev.lepton.client.unit.ServiceName;
import dev.lepton.client.unit.StartId;
import dev.lepton.supervisor.declaration.Beating;
import dev.lepton.supervisor.recovery.End;
import dev.lepton.supervisor.runtime.Run;
import java.io.IOException;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Starts a unit in its turn: after its dependencies, and once few enough others are starting. */
final class Turn {

    private static final Logger log = LoggerFactory.getLogger(Turn.class);

    private final Standing standing;
    private final EventLoop loop;
    private final Surroundings around;
    private final Launcher launcher;
    private final EndWatch endWatch;
    private final Readiness readiness;
    private final IncidentNotes notes;
    private final Consumer<End> failed;

    /**
     * @param failed told when the process cannot be started
     */
    Turn(
            Standing standing,
            EventLoop loop,
            Surroundings around,
            Launcher launcher,
            EndWatch endWatch,
            Readiness readiness,
            IncidentNotes notes,
            Consumer<End> failed) {
        this.standing = standing;
        this.loop = loop;
        this.around = around;
        this.launcher = launcher;
        this.endWatch = endWatch;
        this.readiness = readiness;
        this.notes = notes;
        this.failed = failed;
    }

    void awaitDependencies() {
        String missing =
                standing.plan().service().dependsOn().stream()
                        .filter(around.up().negate())
                        .map(ServiceName::value)
                        .collect(Collectors.joining(", "));
        if (missing.isEmpty()) {
            awaitPlace("its turn to start");
        } else {
            standing.enter(new Phase.AwaitingDependencies("waits for " + missing));
        }
    }

    void awaitPlace(String reason) {
        String obstacle = obstacle();
        if (obstacle != null) {
            awaitRuntime(reason, obstacle);
            return;
        }
        StartGate.Ticket[] ticket = new StartGate.Ticket[1];
        Phase.AwaitingPlace waiting = new Phase.AwaitingPlace(ticket, reason);
        standing.enter(waiting);
        ticket[0] =
                around.gate()
                        .enter(
                                standing.plan().service().name(),
                                around.policy(standing.plan()).startConcurrency(),
                                () ->
                                        loop.execute(() -> {
                                            if (standing.phase() != waiting) {
                                                ticket[0].leave();
                                            } else if (obstacle() != null) {
                                                ticket[0].leave();
                                                awaitPlace(reason);
                                            } else {
                                                start(ticket[0]);
                                            }
                                        }));
    }

    private @Nullable String obstacle() {
        String unconfirmable = unconfirmable();
        return unconfirmable != null
                ? "it is exclusive, and " + unconfirmable
                : around.runtime().obstacle(standing.plan().id());
    }

    /** Another process of it may be at work where a registry answers. */
    private @Nullable String unconfirmable() {
        UnitPlan plan = standing.plan();
        if (plan.service().beating() == Beating.NONE || !around.policy(plan).exclusive()) {
            return null;
        }
        return endWatch.leftBehind()
                ? "what its last process has left behind still runs"
                : around.events().unconfirmable(plan);
    }

    /** Nothing is wrong with the unit, so that nothing of this counts as a failure of it. */
    private void awaitRuntime(String reason, String obstacle) {
        String waits = "waits: " + obstacle;
        if (!waits.equals(standing.phase().reason())) {
            log.info("{} {}", standing.plan().id(), waits);
        }
        Phase.AwaitingRuntime waiting = new Phase.AwaitingRuntime(waits);
        standing.enter(waiting);
        loop.schedule(
                around.timing().runtimeInterval(),
                () -> {
                    if (standing.phase() == waiting) {
                        awaitPlace(reason);
                    }
                });
    }

    private void start(StartGate.Ticket place) {
        Run run;
        try {
            run = launcher.launch();
        } catch (IOException | RuntimeException e) {
            place.leave();
            if (obstacle() instanceof String obstacle) {
                standing.save(standing.entry().ended());
                awaitRuntime(standing.phase().reason(), obstacle);
                return;
            }
            String what = "it cannot be started: " + e.getMessage();
            StartId start = standing.entry().startId();
            notes.startFailed(start == null ? StartId.random() : start, what);
            standing.save(standing.entry().ended());
            failed.accept(new End(null, what, Duration.ZERO));
            return;
        }
        standing.save(standing.entry().running(run.mark()));
        LiveRun live =
                new LiveRun(
                        run,
                        around.nanos().getAsLong(),
                        place,
                        standing.plan().service().liveness().failures());
        standing.began(run.startId());
        notes.started(run.startId());
        log.info(
                "{} started: {}, port {}, start {}",
                standing.plan().id(),
                run.mark().words(),
                standing.entry().port(),
                run.startId());
        standing.enter(
                new Phase.Starting(live, standing.recovering() ? "is restarted" : "is started"));
        endWatch.watch(live);
        readiness.awaitFirst(live);
    }
}
