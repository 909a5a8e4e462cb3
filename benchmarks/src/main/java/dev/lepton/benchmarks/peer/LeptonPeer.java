package dev.lepton.benchmarks.peer;

import dev.lepton.benchmarks.process.Stage;
import dev.lepton.benchmarks.process.StartedProcess;
import dev.lepton.client.rest.RegistryClient;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/** Lepton's gateway as it is by default, with a registry and its PostgreSQL. */
final class LeptonPeer {

    /** So many units beat less often, so that the registry leaves the processors to the gateway. */
    private static final int LARGE = 1_000;

    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    private LeptonPeer() {}

    static RunningPeer start(Setup setup) throws IOException, InterruptedException {
        Stage stage = setup.stage();
        LeptonRegistry registry =
                LeptonRegistry.start(
                        setup, "lepton-registry", setup.registryOptions(), settings(setup));

        RegistryClient client =
                stage.keep(new RegistryClient(List.of(registry.url()), registry.token(), TIMEOUT));
        stage.keep(LeptonUnits.register(client, LeptonUnits.registrations(setup)));

        int port = Stage.freePort();
        StartedProcess gateway =
                stage.start(
                        "lepton-gateway",
                        Setup.java(
                                setup.gatewayOptions(),
                                setup.jar("gateway-service"),
                                "--server.port=" + port,
                                "--management.server.port=" + Stage.freePort(),
                                "--lepton.home=" + registry.home(),
                                "--lepton.registry.url=" + registry.url()));
        return RunningPeer.of(Peer.LEPTON, setup, port, gateway);
    }

    private static List<String> settings(Setup setup) {
        return setup.services() <= LARGE
                ? List.of()
                : List.of(
                        "--lepton.lease.heartbeat-interval=10s",
                        "--lepton.lease.suspect-after=30s",
                        "--lepton.lease.duration=60s");
    }
}
