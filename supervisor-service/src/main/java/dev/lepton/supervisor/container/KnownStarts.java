package dev.lepton.supervisor.container;

import dev.lepton.client.unit.StartId;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Under which start-id the registry knows the run of a container. The starter within makes that id;
 * the supervisor has one of its own for each run, and reads the other from the registry.
 */
public final class KnownStarts {

    /** Reports of a run follow its end by minutes at most. */
    private static final int KEPT = 1000;

    private final Map<StartId, StartId> known =
            new LinkedHashMap<>() {
                private static final long serialVersionUID = 1L;

                @Override
                protected boolean removeEldestEntry(Map.Entry<StartId, StartId> eldest) {
                    return size() > KEPT;
                }
            };

    /**
     * The registry showed this start while that run was on. One that was an earlier run's is still
     * that one's: the container has only just been started again.
     */
    synchronized void shown(StartId run, StartId start) {
        if (!start.equals(known.get(run)) && !known.containsValue(start)) {
            known.put(run, start);
        }
    }

    /** What the registry knows a run by, empty when it does not know it yet. */
    public synchronized Optional<StartId> of(StartId run) {
        return Optional.ofNullable(known.get(run));
    }

    /** Which run the registry means. */
    public synchronized Optional<StartId> runOf(StartId start) {
        return known.entrySet().stream()
                .filter(entry -> entry.getValue().equals(start))
                .map(Map.Entry::getKey)
                .findFirst();
    }
}
