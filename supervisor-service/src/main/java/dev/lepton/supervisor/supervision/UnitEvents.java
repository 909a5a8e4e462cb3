package dev.lepton.supervisor.supervision;

import dev.lepton.client.unit.StartId;
import dev.lepton.supervisor.runtime.Exit;
import java.util.concurrent.CompletableFuture;

/** What the registry's side is told of the units, on the units' own threads: must not block. */
public interface UnitEvents {

    /** A probe of the run that is on was answered, or was not. */
    void probed(UnitPlan unit, UnitStatus status, Prober.Outcome outcome);

    /**
     * A run has ended.
     *
     * @param expected whether that was asked for
     */
    void exited(UnitPlan unit, StartId startId, Exit exit, boolean expected, String reason);

    /**
     * A run is to be stopped: tells those who send it requests. Completes with whether they were
     * told; the stop goes on after a bounded time in any case.
     */
    CompletableFuture<Boolean> drain(UnitPlan unit, StartId startId, String reason);
}
