package dev.lepton.supervisor;

import dev.lepton.client.unit.UnitId;
import dev.lepton.supervisor.container.ContainerRuntime;
import dev.lepton.supervisor.container.Containers;
import dev.lepton.supervisor.container.Runtimes;
import dev.lepton.supervisor.declaration.Declaration;
import dev.lepton.supervisor.declaration.ServiceDeclaration;
import dev.lepton.supervisor.runtime.UnitRuntime;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What runs the units of this node: processes, and containers where any are declared.
 *
 * @param containers null where none are
 */
record NodeRuntime(UnitRuntime units, @Nullable Containers containers) implements AutoCloseable {

    static NodeRuntime of(
            Declaration declaration, UnitRuntime processes, @Nullable Containers containers) {
        if (containers == null) {
            return new NodeRuntime(processes, null);
        }
        Set<UnitId> inContainers =
                declaration.services().values().stream()
                        .filter(ServiceDeclaration::inContainers)
                        .flatMap(service -> service.unitIds().stream())
                        .collect(Collectors.toSet());
        return new NodeRuntime(
                new Runtimes(processes, new ContainerRuntime(containers), inContainers::contains),
                containers);
    }

    /**
     * @param elsewhere told of a unit whose container runs and is not supervised
     */
    void start(Consumer<UnitId> elsewhere) {
        if (containers != null) {
            containers.start(elsewhere);
        }
    }

    @Override
    public void close() {
        if (containers != null) {
            containers.close();
        }
    }
}
