package dev.lepton.supervisor.container;

import dev.lepton.client.unit.UnitId;
import dev.lepton.supervisor.runtime.Next;
import dev.lepton.supervisor.supervision.EventLoop;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends containers through the engine: stops those that are to rest, and restarts the others in one
 * step of the engine, so that a supervisor that dies in between leaves nothing stopped. An end that
 * the engine did not take is tried again until its run is over.
 */
final class ContainerEnds {

    private static final Logger log = LoggerFactory.getLogger(ContainerEnds.class);
    private static final Duration AGAIN = Duration.ofSeconds(1);

    /** For a container that is not supervised when it is stopped. */
    private static final Duration ORDINARY_GRACE = Duration.ofSeconds(10);

    /** By then the events of a call have come. */
    private static final Duration ECHO = Duration.ofSeconds(2);

    private final Engine engine;
    private final EventLoop loop;
    private final Executor callers;
    private final Consumer<String> changed;
    private final Set<ContainerRun> ending = new HashSet<>();

    /** How many calls for a container are on the way, or were a moment ago. */
    private final Map<String, Integer> own = new HashMap<>();

    /** How many restarts of a container are on the way, each of which starts it at its end. */
    private final Map<String, Integer> restarting = new HashMap<>();

    /** Containers without a run that are to end, until they have, or are wanted again. */
    private final Set<String> resting = new HashSet<>();

    /**
     * @param loop that of the watch: what belongs to it is touched there alone
     * @param callers where calls of the engine may take their time
     * @param changed told on the loop which container is to be looked at
     */
    ContainerEnds(Engine engine, EventLoop loop, Executor callers, Consumer<String> changed) {
        this.engine = engine;
        this.loop = loop;
        this.callers = callers;
        this.changed = changed;
    }

    /** A run is to end; does nothing when it is being ended already. */
    void begin(ContainerRun run, Next next, Duration grace) {
        loop.execute(() -> {
            if (ending.add(run)) {
                run.exit().whenComplete((_, _) -> loop.execute(() -> ending.remove(run)));
                attempt(run, next, grace);
            }
        });
    }

    private void attempt(ContainerRun run, Next next, Duration grace) {
        String id = run.mark().containerId();
        own.merge(id, 1, Integer::sum);
        if (next == Next.ANOTHER_RUN) {
            restarting.merge(id, 1, Integer::sum);
        }
        callers.execute(() -> {
            boolean taken = taken(run, next, grace);
            loop.execute(() -> {
                called(id);
                if (next == Next.ANOTHER_RUN) {
                    restarted(run.unit(), id);
                }
                if (!taken && !run.over()) {
                    loop.schedule(
                            AGAIN,
                            () -> {
                                if (!run.over()) {
                                    attempt(run, next, grace);
                                }
                            });
                }
            });
        });
    }

    private boolean taken(ContainerRun run, Next next, Duration grace) {
        String id = run.mark().containerId();
        try {
            // What has ended meanwhile must not be ended again in its next start.
            Optional<Seen> now = engine.look(id).filter(seen -> seen.mark().equals(run.mark()));
            if (now.filter(Seen::on).isPresent()) {
                switch (next) {
                    case REST -> engine.stop(id, grace);
                    case ANOTHER_RUN -> engine.restart(id, grace);
                }
            }
            return true;
        } catch (EngineAway e) {
            log.info("{} is not ended yet: {}", run.unit(), e.getMessage());
            return false;
        }
    }

    private void restarted(UnitId unit, String id) {
        restarting.computeIfPresent(id, (_, calls) -> calls == 1 ? null : calls - 1);
        attemptRest(unit, id);
    }

    /** Whether a container that has ended is about to be started by a call from here. */
    boolean restarts(String id) {
        return restarting.containsKey(id);
    }

    /**
     * A container without a run is to stay ended. A restart that is on the way would start it after
     * it was stopped, and so goes first.
     */
    void rest(UnitId unit, String id) {
        if (resting.add(id)) {
            attemptRest(unit, id);
        }
    }

    private void attemptRest(UnitId unit, String id) {
        if (!resting.contains(id) || restarts(id)) {
            return;
        }
        own.merge(id, 1, Integer::sum);
        callers.execute(() -> {
            boolean stopped = stopped(unit, id);
            loop.execute(() -> {
                called(id);
                if (stopped) {
                    resting.remove(id);
                } else {
                    loop.schedule(AGAIN, () -> attemptRest(unit, id));
                }
            });
        });
    }

    private boolean stopped(UnitId unit, String id) {
        try {
            engine.stop(id, ORDINARY_GRACE);
            return true;
        } catch (EngineAway e) {
            log.info("{} is not stopped yet: {}", unit, e.getMessage());
            return false;
        }
    }

    /** It has a run again, which is not to be ended by what was asked for before. */
    void wanted(String id) {
        loop.execute(() -> resting.remove(id));
    }

    private void called(String id) {
        changed.accept(id);
        loop.schedule(
                ECHO, () -> own.computeIfPresent(id, (_, calls) -> calls == 1 ? null : calls - 1));
    }

    /** Whether what happens to a container now is by a call from here. */
    boolean areOwn(String id) {
        return own.containsKey(id);
    }
}
