package dev.lepton.benchmarks.peer;

import dev.lepton.benchmarks.process.StartedProcess;
import java.io.IOException;
import java.net.URI;

/**
 * A gateway that answers.
 *
 * @param target a path of the service measured
 * @param gateway the process, without those of its registry
 */
public record RunningPeer(Peer peer, URI target, StartedProcess gateway) {

    /** Waits for the first answer of the service measured. */
    public static RunningPeer of(Peer peer, Setup setup, int port, StartedProcess gateway)
            throws IOException, InterruptedException {
        URI target = loopback(port, "/" + setup.measuredService() + "/");
        gateway.awaitOk(target);
        return new RunningPeer(peer, target, gateway);
    }

    static URI loopback(int port, String path) {
        return URI.create("http://127.0.0.1:" + port + path);
    }
}
