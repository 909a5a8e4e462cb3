package dev.lepton.benchmarks.peer;

import dev.lepton.benchmarks.process.Stage;
import dev.lepton.benchmarks.process.StartedProcess;
import dev.lepton.client.rest.BearerToken;
import dev.lepton.client.rest.RegistryClient;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Lepton's gateway as it is by default, with a registry and its PostgreSQL. */
final class LeptonPeer {

    /** So many units beat less often, so that the registry leaves the processors to the gateway. */
    private static final int LARGE = 1_000;

    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    private LeptonPeer() {}

    static RunningPeer start(Setup setup) throws IOException, InterruptedException {
        Stage stage = setup.stage();
        Path home = stage.folder().resolve("home");
        int registryPort = Stage.freePort();
        int registryActuator = Stage.freePort();
        StartedProcess registry =
                stage.start(
                        "lepton-registry", registry(setup, home, registryPort, registryActuator));
        registry.awaitOk(RunningPeer.loopback(registryActuator, "/actuator/health/readiness"));
        URI registryUrl = RunningPeer.loopback(registryPort, "");

        RegistryClient client =
                stage.keep(
                        new RegistryClient(
                                List.of(registryUrl),
                                BearerToken.read(home.resolve("token")),
                                TIMEOUT));
        stage.keep(LeptonUnits.register(client, setup));

        int port = Stage.freePort();
        StartedProcess gateway =
                stage.start(
                        "lepton-gateway",
                        Setup.java(
                                setup.gatewayOptions(),
                                setup.jar("gateway-service"),
                                "--server.port=" + port,
                                "--management.server.port=" + Stage.freePort(),
                                "--lepton.home=" + home,
                                "--lepton.registry.url=" + registryUrl));
        return RunningPeer.of(Peer.LEPTON, setup, port, gateway);
    }

    private static List<String> registry(Setup setup, Path home, int port, int actuator)
            throws IOException {
        List<String> command =
                new ArrayList<>(
                        Setup.java(
                                setup.registryOptions(),
                                setup.jar("registry-service"),
                                "--server.port=" + port,
                                "--management.server.port=" + actuator,
                                "--lepton.home=" + home));
        if (setup.services() > LARGE) {
            command.addAll(
                    List.of(
                            "--lepton.lease.heartbeat-interval=10s",
                            "--lepton.lease.suspect-after=30s",
                            "--lepton.lease.duration=60s"));
        }
        return command;
    }
}
