package dev.lepton.supervisor.supervision;

import dev.lepton.client.unit.StartId;
import dev.lepton.supervisor.declaration.PortChoice;
import dev.lepton.supervisor.declaration.ServiceDeclaration;
import dev.lepton.supervisor.runtime.Run;
import dev.lepton.supervisor.runtime.RunLogs;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Starts the process of a unit: on its ports, with a log of its own, written down beforehand. */
final class Launcher {

    private static final Logger log = LoggerFactory.getLogger(Launcher.class);

    private final Standing standing;
    private final RunLogs logs;
    private final Surroundings around;

    Launcher(Standing standing, RunLogs logs, Surroundings around) {
        this.standing = standing;
        this.logs = logs;
        this.around = around;
    }

    /**
     * @throws IOException when nothing was started, as with every other exception
     */
    Run launch() throws IOException {
        StartId start = StartId.random();
        choosePorts();
        Path file = logs.begin(start, around.clock().instant());
        standing.store(standing.entry().beginning(start, file));
        return around.runtime()
                .start(
                        around.launches()
                                .spec(
                                        standing.plan(),
                                        start,
                                        Objects.requireNonNull(standing.entry().port()),
                                        standing.entry().managementPort(),
                                        file));
    }

    private void choosePorts() {
        ServiceDeclaration service = standing.plan().service();
        if (service.inContainers()) {
            // Each container has addresses of its own, so that its ports are nobody else's.
            standing.note(
                    standing.entry()
                            .withPorts(
                                    Objects.requireNonNull(service.port().fixed()),
                                    service.managementPort() == null
                                            ? null
                                            : service.managementPort().fixed()));
            return;
        }
        int main = port(service.port(), standing.entry().port());
        Integer management =
                service.managementPort() == null
                        ? null
                        : Integer.valueOf(
                                port(service.managementPort(), standing.entry().managementPort()));
        standing.note(standing.entry().withPorts(main, management));
    }

    private int port(PortChoice choice, @Nullable Integer kept) {
        Ports ports = around.ports();
        if (choice.fixed() != null) {
            if (!ports.free(choice.fixed())) {
                throw new PortTaken(choice.fixed());
            }
            return choice.fixed();
        }
        if (kept != null && ports.free(kept)) {
            return kept;
        }
        int chosen = ports.choose();
        if (kept != null) {
            log.info(
                    "{} moves from port {}, which another process has taken, to port {}",
                    standing.plan().id(),
                    kept,
                    chosen);
        }
        return chosen;
    }

    /** A port that a unit must have belongs to another process. */
    private static final class PortTaken extends RuntimeException {

        private static final long serialVersionUID = 1L;

        PortTaken(int port) {
            super("port %d is taken by another process".formatted(port));
        }
    }
}
