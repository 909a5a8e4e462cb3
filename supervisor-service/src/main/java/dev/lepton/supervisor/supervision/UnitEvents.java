package dev.lepton.supervisor.supervision;

import dev.lepton.client.incident.IncidentReport;
import dev.lepton.client.recovery.KillCause;
import dev.lepton.client.recovery.Permit;
import dev.lepton.client.recovery.RecoveryStep;
import dev.lepton.client.unit.StartId;
import dev.lepton.supervisor.runtime.Exit;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

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

    /** Whether the registry shows that this start has announced its end, or was drained. */
    boolean drains(UnitPlan unit, StartId startId);

    /**
     * The process of the run that is on lives and answers nothing: nobody is to send it requests.
     */
    void hung(UnitPlan unit, StartId startId, String reason);

    /** A probe for any sign of life was not answered. */
    void unanswered(UnitPlan unit, StartId startId, String what);

    /**
     * What is done about a unit whose start has ended.
     *
     * @param ended null when an earlier supervisor saw it end
     */
    void recovery(UnitPlan unit, @Nullable StartId ended, RecoveryStep step, String reason);

    /** What is known of the failure of a start; told again whenever more is. */
    void incident(UnitPlan unit, StartId failed, IncidentReport report);

    /**
     * Whether the live process of a unit may be ended. Completes with null when no registry answers
     * in time, never exceptionally.
     */
    CompletableFuture<@Nullable Permit> permit(
            UnitPlan unit, StartId startId, KillCause cause, @Nullable Integer maxUnavailable);

    /**
     * Why no registry would confirm a process of this exclusive unit that is started now, null when
     * one would: it has stored a beat of the node lately, is followed at this moment, and shows the
     * unit alive on no other node.
     */
    @Nullable String unconfirmable(UnitPlan unit);

    /** The live process is not to be ended any more, whether or not a permit was given for it. */
    void permitUnused(UnitPlan unit, StartId startId);
}
