package dev.lepton.benchmarks.peer;

import dev.lepton.benchmarks.process.Stage;
import dev.lepton.benchmarks.process.StartedProcess;
import java.io.IOException;
import java.util.stream.IntStream;

/** A proxy of reactor-netty alone: what a gateway that is built on it costs at least. */
final class BarePeer {

    private BarePeer() {}

    static RunningPeer start(Setup setup) throws IOException, InterruptedException {
        int port = Stage.freePort();
        StartedProcess proxy =
                setup.stage()
                        .start(
                                "bare-proxy",
                                Setup.java(
                                        setup.gatewayOptions(),
                                        setup.jar("benchmarks/peers/bare-proxy"),
                                        IntStream.concat(
                                                        IntStream.of(port),
                                                        setup.unitPorts().stream()
                                                                .mapToInt(Integer::intValue))
                                                .mapToObj(Integer::toString)
                                                .toArray(String[]::new)));
        return RunningPeer.of(Peer.BARE, setup, port, proxy);
    }
}
