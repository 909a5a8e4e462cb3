package dev.lepton.supervisor.registry;

import dev.lepton.client.incident.IncidentReport;
import dev.lepton.client.node.NodeBeat.Observed;
import dev.lepton.client.recovery.KillCause;
import dev.lepton.client.recovery.Permit;
import dev.lepton.client.recovery.RecoveryStep;
import dev.lepton.client.rest.RegistryRefusal;
import dev.lepton.client.unit.ServiceName;
import dev.lepton.client.unit.StartId;
import dev.lepton.client.unit.UnitId;
import dev.lepton.client.unit.UnitView;
import dev.lepton.client.watch.WatchStatus;
import dev.lepton.supervisor.runtime.Exit;
import dev.lepton.supervisor.supervision.Prober;
import dev.lepton.supervisor.supervision.UnitPlan;
import dev.lepton.supervisor.supervision.UnitStatus;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Where the declaration names no registry, nobody is told anything. */
public class NoRegistry implements Registry {

    @Override
    public void start(Supplier<List<Observed>> units, RegistryListener listener) {}

    @Override
    public Optional<UnitView> view(UnitId unit) {
        return Optional.empty();
    }

    @Override
    public ServiceOutlook outlook(ServiceName service) {
        throw new RegistryRefusal.Unavailable("there is no registry", null, null);
    }

    @Override
    public @Nullable WatchStatus watch() {
        return null;
    }

    @Override
    public int waitingReports() {
        return 0;
    }

    @Override
    public void probed(UnitPlan unit, UnitStatus status, Prober.Outcome outcome) {}

    @Override
    public void exited(
            UnitPlan unit, StartId startId, Exit exit, boolean expected, String reason) {}

    @Override
    public CompletableFuture<Boolean> drain(UnitPlan unit, StartId startId, String reason) {
        return CompletableFuture.completedFuture(false);
    }

    @Override
    public boolean drains(UnitPlan unit, StartId startId) {
        return false;
    }

    @Override
    public void close() {}

    @Override
    public void hung(UnitPlan unit, StartId startId, String reason) {}

    @Override
    public void unanswered(UnitPlan unit, StartId startId, String what) {}

    @Override
    public void recovery(
            UnitPlan unit, @Nullable StartId ended, RecoveryStep step, String reason) {}

    @Override
    public void incident(UnitPlan unit, StartId failed, IncidentReport report) {}

    @Override
    public CompletableFuture<@Nullable Permit> permit(
            UnitPlan unit, StartId startId, KillCause cause, @Nullable Integer maxUnavailable) {
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public String unconfirmable(UnitPlan unit) {
        return "there is no registry that could confirm it";
    }

    @Override
    public void permitUnused(UnitPlan unit, StartId startId) {}
}
