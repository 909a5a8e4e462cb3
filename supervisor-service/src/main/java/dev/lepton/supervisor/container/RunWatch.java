package dev.lepton.supervisor.container;

import dev.lepton.client.unit.StartId;
import dev.lepton.client.unit.UnitId;
import dev.lepton.supervisor.runtime.ContainerMark;
import dev.lepton.supervisor.runtime.Exit;
import dev.lepton.supervisor.supervision.EventLoop;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * Sees runs of containers end, and which start the registry shows for them meanwhile. A run is over
 * when the engine says so, never because the engine says nothing.
 */
final class RunWatch {

    /** How long the event of an end, which tells its code, may come after its effect was seen. */
    private static final Duration LATE_EVENT = Duration.ofMillis(500);

    private final EventLoop loop;
    private final RunLog logs;
    private final Function<UnitId, Optional<StartId>> registered;
    private final KnownStarts starts;
    private final Map<UnitId, ContainerRun> runs = new ConcurrentHashMap<>();

    RunWatch(
            EventLoop loop,
            RunLog logs,
            Function<UnitId, Optional<StartId>> registered,
            KnownStarts starts) {
        this.loop = loop;
        this.logs = logs;
        this.registered = registered;
        this.starts = starts;
    }

    /** From now on the end of this run is seen. */
    void watch(ContainerRun run) {
        runs.put(run.unit(), run);
    }

    /** To be read before a look: what begins during a look may not be in what it saw. */
    Set<ContainerRun> watched() {
        return Set.copyOf(runs.values());
    }

    boolean watches(UnitId unit) {
        ContainerRun run = runs.get(unit);
        return run != null && !run.over();
    }

    /** To be read before a look: what is registered then is no later start than what is seen. */
    Map<ContainerRun, StartId> registered() {
        Map<ContainerRun, StartId> shown = new HashMap<>();
        runs.forEach(
                (unit, run) -> registered.apply(unit).ifPresent(start -> shown.put(run, start)));
        return shown;
    }

    /** All containers were looked at. */
    void seen(
            View view,
            Set<ContainerRun> watchedBefore,
            Map<ContainerRun, StartId> registeredBefore) {
        watchedBefore.forEach(run -> observe(run, view));
        registeredBefore.forEach((run, start) -> {
            boolean on =
                    view.of(run.unit()).stream()
                            .anyMatch(seen -> seen.on() && seen.mark().equals(run.mark()));
            if (on) {
                starts.shown(run.startId(), start);
            }
        });
    }

    /** One container was looked at. */
    void seen(View view, String id, Set<ContainerRun> watchedBefore) {
        watchedBefore.stream()
                .filter(run -> run.mark().containerId().equals(id))
                .forEach(run -> observe(run, view));
    }

    private void observe(ContainerRun run, View view) {
        if (run.over() || view.unknown().contains(run.mark().containerId())) {
            return;
        }
        ContainerMark mark = run.mark();
        Optional<Seen> now =
                view.of(run.unit()).stream().filter(seen -> seen.mark().equals(mark)).findFirst();
        if (now.isEmpty()) {
            loop.schedule(LATE_EVENT, () -> over(run, Exit.UNKNOWN, Instant.MAX));
            return;
        }
        run.seen(now.get());
        if (!now.get().on()) {
            over(run, Exit.ofStatus(now.get().exitCode()), now.get().endedAt());
        }
    }

    void died(EngineEvent event) {
        Integer code = event.exitCode();
        Exit exit = code == null ? Exit.UNKNOWN : Exit.ofStatus(code);
        runOf(event).ifPresent(run -> over(run, exit, event.at()));
    }

    void ranOutOfMemory(EngineEvent event) {
        runOf(event).ifPresent(ContainerRun::ranOutOfMemory);
    }

    /** The run that was on when it happened; what is replayed may be of an earlier one. */
    private Optional<ContainerRun> runOf(EngineEvent event) {
        return runs.values().stream()
                .filter(run -> run.mark().containerId().equals(event.containerId()))
                .filter(run -> !run.mark().startedAt().isAfter(event.at()))
                .findFirst();
    }

    private void over(ContainerRun run, Exit exit, Instant at) {
        if (run.isOverNow()) {
            logs.keep(run, at, () -> run.ended(exit));
        }
    }
}
