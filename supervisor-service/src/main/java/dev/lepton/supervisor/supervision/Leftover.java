package dev.lepton.supervisor.supervision;

import dev.lepton.supervisor.declaration.ServiceDeclaration;
import dev.lepton.supervisor.journal.Journal;
import dev.lepton.supervisor.journal.UnitRecord;
import dev.lepton.supervisor.runtime.ContainerMark;
import dev.lepton.supervisor.runtime.Exit;
import dev.lepton.supervisor.runtime.Next;
import dev.lepton.supervisor.runtime.RecordedRun;
import dev.lepton.supervisor.runtime.Run;
import dev.lepton.supervisor.runtime.UnitRuntime;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A unit that an earlier supervisor ran and that is no longer declared: it is ended. */
final class Leftover {

    private static final Logger log = LoggerFactory.getLogger(Leftover.class);
    private static final Duration KILL_GRACE = Duration.ofSeconds(2);

    private Leftover() {}

    /** Completes, never exceptionally, once nothing of it is left or nothing more can be done. */
    static CompletableFuture<Void> end(UnitRecord entry, UnitRuntime runtime, Journal journal) {
        return CompletableFuture.completedFuture(entry)
                .thenCompose(left -> gone(left, runtime))
                .thenRun(() -> journal.forget(entry.unitId()))
                .exceptionally(failure -> {
                    // Its record stays, so that the next supervisor tries again.
                    log.error(
                            "{} is no longer declared and may not have ended",
                            entry.unitId(),
                            failure);
                    return null;
                });
    }

    private static CompletableFuture<?> gone(UnitRecord entry, UnitRuntime runtime) {
        RecordedRun left = entry.run();
        if (left == null || left.mark() instanceof ContainerMark) {
            // Who has created a container ends it.
            return CompletableFuture.completedFuture(null);
        }
        Optional<Run> found = runtime.find(left);
        if (found.isPresent()) {
            return end(entry, found.get());
        }
        runtime.sweep(left);
        return CompletableFuture.completedFuture(null);
    }

    private static CompletableFuture<Exit> end(UnitRecord entry, Run run) {
        log.info(
                "stopping {}: SIGTERM to {}, the unit is no longer declared",
                entry.unitId(),
                run.mark().words());
        run.terminate(Next.REST, ServiceDeclaration.ORDINARY_STOP_TIMEOUT);
        return endWithin(run, ServiceDeclaration.ORDINARY_STOP_TIMEOUT)
                .handle((_, _) -> {
                    run.kill(Next.REST);
                    return run;
                })
                .thenCompose(killed -> endWithin(killed, KILL_GRACE));
    }

    private static CompletableFuture<Exit> endWithin(Run run, Duration limit) {
        return run.exit().copy().orTimeout(limit.toMillis(), TimeUnit.MILLISECONDS);
    }
}
