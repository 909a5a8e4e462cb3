package dev.lepton.supervisor.supervision;

import dev.lepton.client.unit.UnitId;
import dev.lepton.supervisor.journal.Journal;
import dev.lepton.supervisor.journal.UnitRecord;
import dev.lepton.supervisor.runtime.UnitRuntime;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The units that an earlier supervisor ran and that are no longer declared, while they end. Safe
 * for many threads.
 */
final class Leftovers {

    private static final Logger log = LoggerFactory.getLogger(Leftovers.class);

    /** The end of each, and of all that waits for it. */
    private final Map<UnitId, CompletableFuture<Void>> ends = new HashMap<>();

    synchronized void end(UnitRecord entry, UnitRuntime runtime, Journal journal) {
        ends.put(entry.unitId(), Leftover.end(entry, runtime, journal));
    }

    /** Completes, never exceptionally, once none is left. */
    synchronized CompletableFuture<Void> ended() {
        return CompletableFuture.allOf(ends.values().toArray(CompletableFuture<?>[]::new));
    }

    /**
     * Whether the unit still ends, so that nothing of it may be started: then {@code next} runs
     * once it has ended, after all that was postponed before.
     */
    synchronized boolean postpones(UnitId unit, Runnable next) {
        CompletableFuture<Void> end = ends.get(unit);
        if (end == null || end.isDone()) {
            return false;
        }
        ends.put(
                unit,
                end.thenRun(next)
                        .exceptionally(failure -> {
                            // Whoever stops all units waits for this one too.
                            log.error("{} cannot be brought back", unit, failure);
                            return null;
                        }));
        return true;
    }
}
