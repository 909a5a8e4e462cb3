package dev.lepton.supervisor.aot;

import dev.lepton.client.unit.UnitId;
import dev.lepton.supervisor.runtime.LaunchSpec;
import dev.lepton.supervisor.runtime.RecordedRun;
import dev.lepton.supervisor.runtime.Run;
import dev.lepton.supervisor.runtime.UnitRuntime;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Starts units with their cache where there is one. */
public final class AotStarts implements UnitRuntime {

    private final UnitRuntime runtime;
    private final AotCaches caches;

    public AotStarts(UnitRuntime runtime, AotCaches caches) {
        this.runtime = runtime;
        this.caches = caches;
    }

    @Override
    public Run start(LaunchSpec spec) throws IOException {
        String service = spec.environment().get("LEPTON_SERVICE");
        Optional<JavaCommand> command = JavaCommand.find(spec.command());
        return service == null || command.isEmpty()
                ? runtime.start(spec)
                : runtime.start(spec.with(words(service, command.get(), spec.command())));
    }

    private List<String> words(String service, JavaCommand command, List<String> asTheyAre) {
        return caches.options(service, command)
                .map(options -> command.with(options).words())
                .orElse(asTheyAre);
    }

    @Override
    public Optional<Run> find(RecordedRun recorded) {
        return runtime.find(recorded);
    }

    @Override
    public void sweep(RecordedRun recorded) {
        runtime.sweep(recorded);
    }

    @Override
    public @Nullable String obstacle(UnitId unit) {
        return runtime.obstacle(unit);
    }

    @Override
    public void rest(UnitId unit) {
        runtime.rest(unit);
    }

    @Override
    public boolean endsWithSupervisor(UnitId unit) {
        return runtime.endsWithSupervisor(unit);
    }
}
