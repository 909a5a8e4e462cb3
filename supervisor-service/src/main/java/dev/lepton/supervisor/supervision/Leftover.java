package dev.lepton.supervisor.supervision;

import dev.lepton.client.unit.StartId;
import dev.lepton.supervisor.declaration.ServiceDeclaration;
import dev.lepton.supervisor.journal.Journal;
import dev.lepton.supervisor.journal.UnitRecord;
import dev.lepton.supervisor.runtime.Run;
import dev.lepton.supervisor.runtime.UnitRuntime;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A unit that an earlier supervisor ran and that is no longer declared: it is ended. */
final class Leftover {

    private static final Logger log = LoggerFactory.getLogger(Leftover.class);

    private Leftover() {}

    static CompletableFuture<Void> end(UnitRecord entry, UnitRuntime runtime, Journal journal) {
        StartId start = entry.startId();
        Optional<Run> found =
                start == null ? Optional.empty() : runtime.find(start, entry.process());
        CompletableFuture<Void> gone =
                found.map(run -> end(entry, run))
                        .orElseGet(() -> CompletableFuture.completedFuture(null));
        return gone.thenRun(() -> journal.forget(entry.unitId()));
    }

    private static CompletableFuture<Void> end(UnitRecord entry, Run run) {
        log.info(
                "stopping {}: SIGTERM to pid {}, the unit is no longer declared",
                entry.unitId(),
                run.mark().pid());
        run.terminate();
        return run.exit()
                .copy()
                .orTimeout(
                        ServiceDeclaration.ORDINARY_STOP_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
                .handle((_, _) -> {
                    run.kill();
                    return null;
                });
    }
}
