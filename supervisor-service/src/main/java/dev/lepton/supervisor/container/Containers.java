package dev.lepton.supervisor.container;

import dev.lepton.client.unit.StartId;
import dev.lepton.client.unit.UnitId;
import dev.lepton.supervisor.declaration.EngineChoice;
import dev.lepton.supervisor.runtime.ContainerMark;
import dev.lepton.supervisor.supervision.EventLoop;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches the containers of units: by the engine's events, and by a look at all of them every two
 * seconds, which needs no event to have come.
 */
public final class Containers implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Containers.class);
    private static final Duration LOOK = Duration.ofSeconds(2);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);

    private final Engine engine;
    private final EventLoop loop;
    private final String hostName;
    private final RunWatch runs;
    private final ContainerEnds ends;
    private final EventStream events;
    private final StopsElsewhere stops;
    private volatile View view = new View(List.of(), "it was not asked yet");
    private volatile @Nullable String project;
    private boolean projectKnown;
    private Duration pause = LOOK;
    private Set<ContainerMark> unwatched = Set.of();
    private Consumer<UnitId> startedElsewhere = _ -> {};

    /**
     * @param registered the start of a unit that the registry shows
     * @param hostName of this machine or container
     * @param stops the file of what somebody else has stopped
     * @param callers where calls of the engine may take their time
     */
    public Containers(
            EngineChoice choice,
            EventLoop loop,
            Executor callers,
            Function<UnitId, Optional<StartId>> registered,
            KnownStarts starts,
            String hostName,
            Path stops,
            InstantSource clock) {
        this(
                new Engine(choice.url()),
                choice.project(),
                loop,
                callers,
                registered,
                starts,
                hostName,
                stops,
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
            Path stops,
            InstantSource clock) {
        this.engine = engine;
        this.project = project;
        this.projectKnown = project != null;
        this.loop = loop;
        this.hostName = hostName;
        this.stops = new StopsElsewhere(stops);
        this.runs = new RunWatch(loop, new RunLog(engine, callers), registered, starts);
        this.ends = new ContainerEnds(engine, loop, callers, this::refresh);
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
    boolean wasStoppedElsewhere(Seen seen) {
        return stops.ended(seen);
    }

    RunWatch runs() {
        return runs;
    }

    /** Nothing of a unit is to run on. */
    void rest(UnitId unit) {
        loop.execute(() ->
                view.of(unit).stream()
                        .filter(this::mayRun)
                        .forEach(seen -> ends.rest(unit, seen.id())));
    }

    private boolean mayRun(Seen seen) {
        return seen.on()
                || seen.condition() == Seen.Condition.RESTARTING
                || ends.restarts(seen.id())
                || !view.knows(seen.id());
    }

    private void look() {
        try {
            Map<ContainerRun, StartId> registered = runs.registered();
            if (!projectKnown) {
                project = engine.projectOf(hostName).orElse(null);
                projectKnown = true;
            }
            Set<ContainerRun> watched = runs.watched();
            answered(lookAtAll(engine.labelled(project)), watched, registered);
        } catch (EngineAway e) {
            away(e);
        }
        loop.schedule(pause, this::look);
    }

    /** One that the engine cannot tell of says nothing about the others. */
    private View lookAtAll(List<String> ids) {
        List<Seen> all = new ArrayList<>();
        Set<String> unknown = new HashSet<>();
        EngineAway failure = null;
        for (String id : ids) {
            try {
                engine.look(id).ifPresent(all::add);
            } catch (EngineAway e) {
                failure = e;
                unknown.add(id);
                view.containers().stream().filter(seen -> seen.id().equals(id)).forEach(all::add);
                log.debug("container {} cannot be looked at: {}", id, e.getMessage());
            }
        }
        if (failure != null && unknown.size() == ids.size()) {
            throw failure;
        }
        return new View(all, unknown, "");
    }

    private void answered(
            View now, Set<ContainerRun> watched, Map<ContainerRun, StartId> registered) {
        if (!view.away().isEmpty()) {
            log.info("the container engine at {} answers", engine.url());
        }
        pause = LOOK;
        view = now;
        stops.seen(now);
        runs.seen(now, watched, registered);
        tellUnwatched(now.containers());
        events.open(project);
    }

    /** Twice in a row: one that only waits to be taken over is so until the next look. */
    private void tellUnwatched(Collection<Seen> all) {
        Set<ContainerMark> before = unwatched;
        unwatched = new HashSet<>();
        for (Seen seen : all) {
            if (seen.on() && !runs.watches(seen.unit()) && !ends.areOwn(seen.id())) {
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
        lost(failure);
        Duration longer = pause.multipliedBy(2);
        pause = longer.compareTo(LONGEST_PAUSE) < 0 ? longer : LONGEST_PAUSE;
    }

    /** The engine did not answer: nothing is known until the next look at all of them. */
    void lost(EngineAway failure) {
        view = view.away(String.valueOf(failure.getMessage()));
    }

    private void refresh(String id) {
        try {
            Set<ContainerRun> watched = runs.watched();
            view = view.with(id, engine.look(id).orElse(null));
            runs.seen(view, id, watched);
        } catch (EngineAway e) {
            // The next look at all of them says it.
            log.debug("container {} cannot be looked at: {}", id, e.getMessage());
        }
    }

    private void happened(EngineEvent event) {
        String id = event.containerId();
        switch (event.kind()) {
            case DIE -> {
                refresh(id);
                runs.died(event);
            }
            case OOM -> runs.ranOutOfMemory(event);
            case STOP -> {
                if (!ends.areOwn(id)) {
                    stopped(id, event.at());
                }
                refresh(id);
            }
            case START, OTHER -> refresh(id);
        }
    }

    /** An engine that ends stops its containers too, which are not to stay so when it is back. */
    private void stopped(String id, Instant at) {
        stops.stopped(id, at);
        try {
            boolean _ = engine.lookAfresh(id).isPresent();
            stops.keep();
        } catch (EngineAway e) {
            log.debug("the stop of container {} is not counted: {}", id, e.getMessage());
            stops.forget(id);
        }
    }

    @Override
    public void close() {
        loop.execute(events::close);
        loop.close();
        engine.close();
    }
}
