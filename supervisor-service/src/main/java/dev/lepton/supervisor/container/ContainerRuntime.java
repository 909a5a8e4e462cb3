package dev.lepton.supervisor.container;

import dev.lepton.client.unit.StartId;
import dev.lepton.client.unit.UnitId;
import dev.lepton.supervisor.runtime.ContainerMark;
import dev.lepton.supervisor.runtime.LaunchSpec;
import dev.lepton.supervisor.runtime.ProcessMark;
import dev.lepton.supervisor.runtime.RecordedRun;
import dev.lepton.supervisor.runtime.Run;
import dev.lepton.supervisor.runtime.UnitRuntime;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Runs units as containers that somebody else has created, as by Compose. Whoever creates them
 * decides when they are started first, and their engine starts those again that end; what hangs is
 * restarted from here.
 */
public final class ContainerRuntime implements UnitRuntime {

    private final Containers containers;

    public ContainerRuntime(Containers containers) {
        this.containers = containers;
    }

    @Override
    public @Nullable String obstacle(UnitId unit) {
        View view = containers.view();
        if (!view.away().isEmpty()) {
            return "the container engine at %s does not answer: %s"
                    .formatted(containers.engine().url(), view.away());
        }
        List<Seen> candidates = candidates(view, unit);
        return switch (candidates.size()) {
            case 0 -> none(unit);
            case 1 -> obstacle(view, candidates.getFirst());
            default ->
                    "%d containers are labelled %s=%s; keep one"
                            .formatted(candidates.size(), Engine.UNIT, unit);
        };
    }

    /** Those that are on, else all: one that is replaced stands beside the next for a moment. */
    private static List<Seen> candidates(View view, UnitId unit) {
        List<Seen> all = view.of(unit);
        List<Seen> on = all.stream().filter(Seen::on).toList();
        return on.isEmpty() ? all : on;
    }

    private String none(UnitId unit) {
        return containers
                .project()
                .map(project ->
                        "no container of the project '%s' is labelled %s=%s"
                                .formatted(project, Engine.UNIT, unit))
                .orElseGet(() -> "no container is labelled %s=%s".formatted(Engine.UNIT, unit));
    }

    private @Nullable String obstacle(View view, Seen seen) {
        if (!view.knows(seen.id())) {
            return "the engine says nothing of its container";
        }
        return switch (seen.condition()) {
            case CREATED -> "its container was not started yet";
            case RESTARTING -> "the engine is about to start its container again";
            case RUNNING, PAUSED ->
                    OwnNetworks.reached(seen).isPresent()
                            ? null
                            : "its container is in no network that the supervisor is in";
            case ENDED ->
                    containers.wasStoppedElsewhere(seen)
                            ? "its container was stopped through the engine; start it there"
                            : null;
        };
    }

    /** One that runs is taken as it is. */
    @Override
    public Run start(LaunchSpec spec) throws IOException {
        try {
            List<Seen> candidates = candidates(containers.view(), spec.unit());
            if (candidates.size() != 1) {
                throw new IOException("its container is gone");
            }
            Seen now = look(candidates.getFirst().id());
            if (!now.on()) {
                containers.engine().start(now.id());
                now = look(now.id());
            }
            return watched(spec.startId(), now, spec.log());
        } catch (EngineAway e) {
            containers.lost(e);
            throw new IOException(e.getMessage(), e);
        }
    }

    private Seen look(String id) throws IOException {
        return containers
                .engine()
                .look(id)
                .orElseThrow(() -> new IOException("its container is gone"));
    }

    @Override
    public Optional<Run> find(RecordedRun recorded) {
        try {
            return switch (recorded.mark()) {
                case null -> Optional.empty();
                case ProcessMark _ -> Optional.empty();
                case ContainerMark mark -> {
                    Optional<Seen> now =
                            containers
                                    .engine()
                                    .look(mark.containerId())
                                    .filter(seen -> seen.on() && seen.mark().equals(mark));
                    yield now.isEmpty()
                            ? Optional.empty()
                            : Optional.of(watched(recorded.startId(), now.get(), recorded.log()));
                }
            };
        } catch (EngineAway | IOException e) {
            throw new UncheckedIOException(e.getMessage(), new IOException(e));
        }
    }

    private Run watched(StartId startId, Seen now, @Nullable Path log) throws IOException {
        String host =
                OwnNetworks.reached(now)
                        .orElseThrow(() ->
                                new IOException(
                                        "its container is in no network that the supervisor is in"));
        ContainerRun run =
                new ContainerRun(
                        startId,
                        now,
                        host,
                        log,
                        containers.ends(),
                        () -> containers.view().knows(now.id()));
        containers.ends().wanted(now.id());
        containers.runs().watch(run);
        return run;
    }

    /** A container that has ended leaves nothing behind. */
    @Override
    public void sweep(RecordedRun recorded) {}

    @Override
    public void rest(UnitId unit) {
        containers.rest(unit);
    }

    @Override
    public boolean endsWithSupervisor(UnitId unit) {
        return false;
    }
}
