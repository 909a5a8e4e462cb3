package dev.lepton.benchmarks.peer;

import dev.lepton.benchmarks.process.Stage;
import dev.lepton.benchmarks.process.StartedProcess;
import java.io.IOException;
import java.net.URI;

/** Spring Cloud Gateway with its load balancer and a Eureka server. */
final class StockPeer {

    private StockPeer() {}

    static RunningPeer start(Setup setup) throws IOException, InterruptedException {
        Stage stage = setup.stage();
        int eurekaPort = Stage.freePort();
        StartedProcess eureka =
                stage.start(
                        "stock-eureka",
                        Setup.java(
                                setup.registryOptions(),
                                setup.jar("benchmarks/peers/stock-eureka"),
                                "--server.port=" + eurekaPort));
        URI eurekaUrl = RunningPeer.loopback(eurekaPort, "/eureka/");
        eureka.awaitOk(eurekaUrl.resolve("apps"));
        stage.keep(EurekaUnits.register(eurekaUrl, setup.measuredService(), setup.unitPorts()));

        int port = Stage.freePort();
        StartedProcess gateway =
                stage.start(
                        "stock-gateway",
                        Setup.java(
                                setup.gatewayOptions(),
                                setup.jar("benchmarks/peers/stock-gateway"),
                                "--server.port=" + port,
                                "--services=" + setup.services(),
                                "--eureka.client.service-url.defaultZone=" + eurekaUrl));
        return RunningPeer.of(Peer.STOCK, setup, port, gateway);
    }
}
