package dev.lepton.benchmarks.peer;

import dev.lepton.benchmarks.process.Stage;
import dev.lepton.benchmarks.process.StartedProcess;
import java.io.IOException;

/** Spring Cloud Gateway with its load balancer and a Eureka server. */
final class StockPeer {

    private StockPeer() {}

    static RunningPeer start(Setup setup) throws IOException, InterruptedException {
        Stage stage = setup.stage();
        EurekaRegistry eureka = EurekaRegistry.start(setup, setup.registryOptions());
        eureka.register(stage, setup.measuredService(), setup.unitPorts());

        int port = Stage.freePort();
        StartedProcess gateway =
                stage.start(
                        "stock-gateway",
                        Setup.java(
                                setup.gatewayOptions(),
                                setup.jar("benchmarks/peers/stock-gateway"),
                                "--server.port=" + port,
                                "--services=" + setup.services(),
                                "--eureka.client.service-url.defaultZone=" + eureka.url()));
        return RunningPeer.of(Peer.STOCK, setup, port, gateway);
    }
}
