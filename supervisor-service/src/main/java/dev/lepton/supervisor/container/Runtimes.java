package dev.lepton.supervisor.container;

import dev.lepton.client.unit.UnitId;
import dev.lepton.supervisor.runtime.ContainerMark;
import dev.lepton.supervisor.runtime.LaunchSpec;
import dev.lepton.supervisor.runtime.RecordedRun;
import dev.lepton.supervisor.runtime.Run;
import dev.lepton.supervisor.runtime.UnitRuntime;
import java.io.IOException;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The runtime of each unit of a node that has both kinds. What an earlier supervisor has left is
 * found where it was run, also when its unit is declared otherwise now.
 */
public record Runtimes(UnitRuntime processes, UnitRuntime containers, Predicate<UnitId> inContainer)
        implements UnitRuntime {

    private UnitRuntime of(UnitId unit) {
        return inContainer.test(unit) ? containers : processes;
    }

    private UnitRuntime of(RecordedRun recorded) {
        return recorded.mark() == null
                ? of(recorded.unit())
                : recorded.mark() instanceof ContainerMark ? containers : processes;
    }

    @Override
    public @Nullable String obstacle(UnitId unit) {
        return of(unit).obstacle(unit);
    }

    @Override
    public Run start(LaunchSpec spec) throws IOException {
        return of(spec.unit()).start(spec);
    }

    @Override
    public Optional<Run> find(RecordedRun recorded) {
        return of(recorded).find(recorded);
    }

    @Override
    public void sweep(RecordedRun recorded) {
        of(recorded).sweep(recorded);
    }

    @Override
    public void rest(UnitId unit) {
        of(unit).rest(unit);
    }

    @Override
    public boolean endsWithSupervisor(UnitId unit) {
        return of(unit).endsWithSupervisor(unit);
    }
}
