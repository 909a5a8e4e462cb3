package dev.lepton.benchmarks.faults;

import dev.lepton.benchmarks.peer.Peer;
import dev.lepton.benchmarks.peer.RunningPeer;
import dev.lepton.benchmarks.peer.Setup;
import dev.lepton.benchmarks.peer.StubUnits;
import dev.lepton.benchmarks.process.Stage;
import dev.lepton.benchmarks.process.StartedProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;

/** Lepton as a whole: a supervisor runs registry, gateway and the three units. */
final class SupervisedLepton {

    private SupervisedLepton() {}

    static Trial.Subject start(Setup setup) throws IOException, InterruptedException {
        Stage stage = setup.stage();
        Path folder = stage.folder();
        Path template =
                Files.writeString(
                        folder.resolve("unit.template"),
                        StubUnits.config(folder.resolve("unit"), List.of("@port@")));
        Ports ports =
                new Ports(Stage.freePort(), Stage.freePort(), Stage.freePort(), Stage.freePort());
        Path declaration =
                Files.writeString(
                        folder.resolve("lepton.yml"),
                        declaration(setup, ports, StubUnits.nginx(), template));
        StartedProcess supervisor =
                stage.start(
                        "supervisor",
                        Setup.java(
                                setup.registryOptions(),
                                setup.jar("supervisor-service"),
                                "--lepton.file=" + declaration,
                                "--lepton.home=" + folder.resolve("home"),
                                "--server.port=" + Stage.freePort(),
                                "--management.server.port=" + Stage.freePort()));
        RunningPeer gateway = RunningPeer.of(Peer.LEPTON, setup, ports.gateway(), supervisor);
        return new Trial.Subject(gateway, () -> unit(supervisor));
    }

    private static ProcessHandle unit(StartedProcess supervisor) {
        return supervisor
                .handle()
                .descendants()
                .filter(process -> process.info().command().orElse("").endsWith("/nginx"))
                .min(Comparator.comparing(ProcessHandle::pid))
                .orElseThrow(() -> new IllegalStateException("the supervisor runs no unit"));
    }

    /** Of services that do not take any free one. */
    record Ports(int registry, int registryActuator, int gateway, int gatewayActuator) {}

    static String declaration(Setup setup, Ports ports, Path nginx, Path template)
            throws IOException {
        return """
        node: benchmark
        registry: http://127.0.0.1:%1$d
        services:
          registry:
            jar: %2$s
            java-options: [%3$s]
            port: %1$d
            management-port: %4$d
            beater: none
            probe: { path: /actuator/health/readiness, port: management }
            start: { deadline: 5m }
          gateway:
            jar: %5$s
            java-options: [%6$s]
            port: %7$d
            management-port: %8$d
            beater: none
            probe: { path: /actuator/health/readiness, port: management }
            start: { deadline: 5m }
            depends-on: [registry]
          %9$s:
            command: [sh, -c, 'sed "s/@port@/${port}/" %10$s > %10$s.${port} && exec %11$s -e stderr -c %10$s.${port}']
            units: 3
            beater: node
            probe: { path: / }
            depends-on: [registry]
        """
                .formatted(
                        ports.registry(),
                        setup.jar("registry-service"),
                        String.join(", ", setup.registryOptions()),
                        ports.registryActuator(),
                        setup.jar("gateway-service"),
                        String.join(", ", setup.gatewayOptions()),
                        ports.gateway(),
                        ports.gatewayActuator(),
                        setup.measuredService(),
                        template,
                        nginx);
    }
}
