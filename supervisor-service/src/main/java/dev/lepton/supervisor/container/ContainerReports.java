package dev.lepton.supervisor.container;

import dev.lepton.client.incident.IncidentReport;
import dev.lepton.client.recovery.KillCause;
import dev.lepton.client.recovery.Permit;
import dev.lepton.client.recovery.RecoveryStep;
import dev.lepton.client.unit.StartId;
import dev.lepton.supervisor.declaration.Beating;
import dev.lepton.supervisor.runtime.Exit;
import dev.lepton.supervisor.supervision.Prober;
import dev.lepton.supervisor.supervision.UnitEvents;
import dev.lepton.supervisor.supervision.UnitPlan;
import dev.lepton.supervisor.supervision.UnitStatus;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Tells the registry of the runs of containers by the start-ids that it knows them by. Of a run
 * that it does not know yet it is told nothing: there is nothing that it could take back.
 */
public final class ContainerReports implements UnitEvents {

    private final UnitEvents registry;
    private final KnownStarts starts;

    public ContainerReports(UnitEvents registry, KnownStarts starts) {
        this.registry = registry;
        this.starts = starts;
    }

    private Optional<StartId> known(UnitPlan unit, StartId run) {
        return unit.service().inContainers() && unit.service().beating() == Beating.SELF
                ? starts.of(run)
                : Optional.of(run);
    }

    @Override
    public void probed(UnitPlan unit, UnitStatus status, Prober.Outcome outcome) {
        registry.probed(unit, status, outcome);
    }

    @Override
    public void exited(UnitPlan unit, StartId run, Exit exit, boolean expected, String reason) {
        known(unit, run).ifPresent(start -> registry.exited(unit, start, exit, expected, reason));
    }

    @Override
    public CompletableFuture<Boolean> drain(UnitPlan unit, StartId run, String reason) {
        return known(unit, run)
                .map(start -> registry.drain(unit, start, reason))
                .orElseGet(() -> CompletableFuture.completedFuture(false));
    }

    @Override
    public boolean drains(UnitPlan unit, StartId run) {
        return known(unit, run).filter(start -> registry.drains(unit, start)).isPresent();
    }

    @Override
    public void hung(UnitPlan unit, StartId run, String reason) {
        known(unit, run).ifPresent(start -> registry.hung(unit, start, reason));
    }

    @Override
    public void unanswered(UnitPlan unit, StartId run, String what) {
        known(unit, run).ifPresent(start -> registry.unanswered(unit, start, what));
    }

    @Override
    public void recovery(UnitPlan unit, @Nullable StartId ended, RecoveryStep step, String reason) {
        registry.recovery(
                unit, ended == null ? null : known(unit, ended).orElse(null), step, reason);
    }

    @Override
    public void incident(UnitPlan unit, StartId failed, IncidentReport report) {
        known(unit, failed)
                .ifPresent(start -> registry.incident(unit, start, withKnownNext(unit, report)));
    }

    private IncidentReport withKnownNext(UnitPlan unit, IncidentReport report) {
        StartId next = report.nextStartId();
        return next == null
                ? report
                : new IncidentReport(
                        report.service(),
                        report.node(),
                        report.cause(),
                        report.lastWellAt(),
                        report.detectedAt(),
                        report.decidedAt(),
                        report.startedAt(),
                        report.servedAt(),
                        known(unit, next).orElse(null),
                        report.exitCode(),
                        report.signal(),
                        report.decidedBy(),
                        report.decision(),
                        report.reason(),
                        report.blackBox(),
                        report.drill());
    }

    @Override
    public CompletableFuture<@Nullable Permit> permit(
            UnitPlan unit, StartId run, KillCause cause, @Nullable Integer maxUnavailable) {
        Optional<StartId> start = known(unit, run);
        return start.isPresent()
                ? registry.permit(unit, start.get(), cause, maxUnavailable)
                : CompletableFuture.completedFuture(null);
    }

    @Override
    public @Nullable String unconfirmable(UnitPlan unit) {
        return registry.unconfirmable(unit);
    }

    @Override
    public void permitUnused(UnitPlan unit, StartId run) {
        known(unit, run).ifPresent(start -> registry.permitUnused(unit, start));
    }
}
