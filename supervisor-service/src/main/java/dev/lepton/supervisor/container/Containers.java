package dev.lepton.supervisor.container;

import dev.lepton.client.unit.StartId;
import dev.lepton.client.unit.UnitId;
import dev.lepton.supervisor.declaration.EngineChoice;
import dev.lepton.supervisor.runtime.ContainerMark;
import dev.lepton.supervisor.runtime.Exit;
import dev.lepton.supervisor.supervision.EventLoop;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches the containers of units: by the engine's events, and by a look at all of them every two
 * seconds, which needs no event to have come. A run is over when the engine says so, never because
 * the engine says nothing.
 */
public final class Containers implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Containers.class);
    private static final Duration LOOK = Duration.ofSeconds(2);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);

    /** How long the event of an end may come after its effect was seen. */
    private static final Duration LATE_EVENT = Duration.ofMillis(500);

    private final Engine engine;
    private final EventLoop loop;
    private final Function<UnitId, Optional<StartId>> registered;
    private final KnownStarts starts;
    private final RunLog logs;
    private final String hostName;
    private final ContainerEnds ends;
    private final EventStream events;
    private final Map<UnitId, ContainerRun> runs = new ConcurrentHashMap<>();
    private final Set<String> stoppedElsewhere = ConcurrentHashMap.newKeySet();
    private volatile View view = new View(List.of(), "it was not asked yet");
    private volatile @Nullable String project;
    private boolean projectKnown;
    private Duration pause = LOOK;
    private Set<ContainerMark> unwatched = Set.of();
    private Consumer<UnitId> startedElsewhere = _ -> {};

    /**
     * @param registered the start of a unit that the registry shows
     * @param hostName of this machine or container
     * @param callers where calls of the engine may take their time
     */
    public Containers(
            EngineChoice choice,
            EventLoop loop,
            Executor callers,
            Function<UnitId, Optional<StartId>> registered,
            KnownStarts starts,
            String hostName,
            InstantSource clock) {
        this(
                new Engine(choice.url()),
                choice.project(),
                loop,
                callers,
                registered,
                starts,
                hostName,
                clock);
    }

    Containers(
            Engine engine,
            @Nullable String project,
            EventLoop loop,
            Executor callers,
            Function<UnitId, Optional<StartId>> registered,
            KnownStarts starts,
            String hostName,
            InstantSource clock) {
        this.engine = engine;
        this.project = project;
        this.projectKnown = project != null;
        this.loop = loop;
        this.registered = registered;
        this.starts = starts;
        this.hostName = hostName;
        this.ends = new ContainerEnds(engine, loop, callers, this::refresh);
        this.logs = new RunLog(engine, callers);
        this.events = new EventStream(engine, loop, clock.instant(), this::happened);
    }

    /**
     * Looks once, and goes on to watch.
     *
     * @param elsewhere told, with each look, of a unit whose container runs and is not supervised
     */
    public void start(Consumer<UnitId> elsewhere) {
        startedElsewhere = elsewhere;
        look();
    }

    Engine engine() {
        return engine;
    }

    ContainerEnds ends() {
        return ends;
    }

    View view() {
        return view;
    }

    /** The Compose project whose containers are the units, empty when those of any are. */
    Optional<String> project() {
        return Optional.ofNullable(project);
    }

    /** Whether somebody else has stopped a container, who will start it as well. */
    boolean wasStoppedElsewhere(String id) {
        return stoppedElsewhere.contains(id);
    }

    /** From now on the end of this run is seen. */
    void watch(ContainerRun run) {
        runs.put(run.unit(), run);
    }

    /** Nothing of a unit is to run on. */
    void rest(UnitId unit) {
        loop.execute(() ->
                view.of(unit).stream()
                        .filter(seen -> seen.on() || seen.condition() == Seen.Condition.RESTARTING)
                        .forEach(seen -> ends.rest(unit, seen.id())));
    }

    private void look() {
        try {
            Map<ContainerRun, StartId> shown = shown();
            if (!projectKnown) {
                project = engine.projectOf(hostName).orElse(null);
                projectKnown = true;
            }
            List<Seen> all = new ArrayList<>();
            for (String id : engine.labelled(project)) {
                engine.look(id).ifPresent(all::add);
            }
            answered(all);
            shown.forEach(this::stillOn);
        } catch (EngineAway e) {
            away(e);
        }
        loop.schedule(pause, this::look);
    }

    /** Read before the look: what was registered then is no later start than what is seen now. */
    private Map<ContainerRun, StartId> shown() {
        Map<ContainerRun, StartId> shown = new HashMap<>();
        runs.forEach(
                (unit, run) -> registered.apply(unit).ifPresent(start -> shown.put(run, start)));
        return shown;
    }

    private void stillOn(ContainerRun run, StartId shown) {
        boolean on =
                view.of(run.unit()).stream()
                        .anyMatch(seen -> seen.on() && seen.mark().equals(run.mark()));
        if (on) {
            starts.shown(run.startId(), shown);
        }
    }

    private void answered(List<Seen> all) {
        if (!view.away().isEmpty()) {
            log.info("the container engine at {} answers", engine.url());
        }
        pause = LOOK;
        view = new View(all, "");
        Set<String> present = new HashSet<>();
        all.forEach(seen -> present.add(seen.id()));
        stoppedElsewhere.retainAll(present);
        runs.values().forEach(this::observe);
        tellUnwatched(all);
        events.open(project);
    }

    /** Twice in a row: one that only waits to be taken over is so until the next look. */
    private void tellUnwatched(List<Seen> all) {
        Set<ContainerMark> before = unwatched;
        unwatched = new HashSet<>();
        for (Seen seen : all) {
            ContainerRun run = runs.get(seen.unit());
            boolean watched = run != null && !run.over();
            if (seen.on() && !watched && !ends.areOwn(seen.id())) {
                unwatched.add(seen.mark());
                if (before.contains(seen.mark())) {
                    startedElsewhere.accept(seen.unit());
                }
            }
        }
    }

    private void away(EngineAway failure) {
        String why = String.valueOf(failure.getMessage());
        if (pause.equals(LOOK)) {
            log.info(
                    "the container engine at {} does not answer, nothing is decided by that: {}",
                    engine.url(),
                    why);
        }
        view = view.away(why);
        Duration longer = pause.multipliedBy(2);
        pause = longer.compareTo(LONGEST_PAUSE) < 0 ? longer : LONGEST_PAUSE;
    }

    private void refresh(String id) {
        try {
            view = view.with(id, engine.look(id).orElse(null));
            runs.values().stream()
                    .filter(run -> run.mark().containerId().equals(id))
                    .forEach(this::observe);
        } catch (EngineAway e) {
            // The next look at all of them says it.
            log.debug("container {} cannot be looked at: {}", id, e.getMessage());
        }
    }

    private void observe(ContainerRun run) {
        if (run.over()) {
            return;
        }
        ContainerMark mark = run.mark();
        Optional<Seen> now =
                view.of(run.unit()).stream()
                        .filter(seen -> seen.id().equals(mark.containerId()))
                        .findFirst();
        if (now.isEmpty() || !now.get().mark().equals(mark)) {
            loop.schedule(LATE_EVENT, () -> over(run, Exit.UNKNOWN, Instant.MAX));
        } else {
            run.seen(now.get());
            if (!now.get().on()) {
                over(run, Exit.ofStatus(now.get().exitCode()), now.get().endedAt());
            }
        }
    }

    private void over(ContainerRun run, Exit exit, Instant at) {
        if (run.isOverNow()) {
            logs.keep(run, at, () -> run.ended(exit));
        }
    }

    private void happened(EngineEvent event) {
        String id = event.containerId();
        switch (event.kind()) {
            case DIE -> {
                refresh(id);
                died(event);
            }
            case OOM -> runOf(event).ifPresent(ContainerRun::ranOutOfMemory);
            case STOP -> {
                if (!ends.areOwn(id)) {
                    stoppedElsewhere.add(id);
                }
                refresh(id);
            }
            case START -> {
                stoppedElsewhere.remove(id);
                refresh(id);
            }
            case OTHER -> refresh(id);
        }
    }

    private void died(EngineEvent event) {
        Integer code = event.exitCode();
        runOf(event)
                .ifPresent(run ->
                        over(run, code == null ? Exit.UNKNOWN : Exit.ofStatus(code), event.at()));
    }

    /** The run that was on when it happened; what is replayed may be of an earlier one. */
    private Optional<ContainerRun> runOf(EngineEvent event) {
        return runs.values().stream()
                .filter(run -> run.mark().containerId().equals(event.containerId()))
                .filter(run -> !run.mark().startedAt().isAfter(event.at()))
                .findFirst();
    }

    @Override
    public void close() {
        loop.execute(events::close);
        loop.close();
        engine.close();
    }
}
