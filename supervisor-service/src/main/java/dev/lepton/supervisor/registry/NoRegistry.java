package dev.lepton.supervisor.registry;

import dev.lepton.client.unit.StartId;
import dev.lepton.client.unit.UnitId;
import dev.lepton.client.unit.UnitView;
import dev.lepton.client.watch.WatchStatus;
import dev.lepton.supervisor.runtime.Exit;
import dev.lepton.supervisor.supervision.Prober;
import dev.lepton.supervisor.supervision.UnitPlan;
import dev.lepton.supervisor.supervision.UnitStatus;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Where the declaration names no registry, nobody is told anything. */
public final class NoRegistry implements Registry {

    @Override
    public void start() {}

    @Override
    public Optional<UnitView> view(UnitId unit) {
        return Optional.empty();
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
    public void close() {}
}
