package dev.lepton.benchmarks.peer;

import dev.lepton.benchmarks.process.StartedProcess;
import java.net.URI;

/**
 * A gateway that answers.
 *
 * @param target a path of the service measured
 * @param gateway the process, without those of its registry
 */
public record RunningPeer(Peer peer, URI target, StartedProcess gateway) {

    static URI loopback(int port, String path) {
        return URI.create("http://127.0.0.1:" + port + path);
    }
}
