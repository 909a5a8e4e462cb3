package dev.lepton.benchmarks.peer;

import dev.lepton.benchmarks.process.Program;
import dev.lepton.benchmarks.process.Stage;
import dev.lepton.benchmarks.process.StartedProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** HAProxy with a backend for each service, health checks and retries on another server. */
final class HaproxyPeer {

    private HaproxyPeer() {}

    static RunningPeer start(Setup setup) throws IOException, InterruptedException {
        Stage stage = setup.stage();
        int port = Stage.freePort();
        Path file =
                Files.writeString(
                        stage.folder().resolve("haproxy.cfg"),
                        config(port, setup.services(), setup.unitPorts()));
        StartedProcess haproxy =
                stage.start(
                        "haproxy",
                        List.of(
                                Program.require("haproxy", "haproxy").toString(),
                                "-db",
                                "-f",
                                file.toString()));
        return RunningPeer.of(Peer.HAPROXY, setup, port, haproxy);
    }

    /** Servers of services that are not measured are not checked: they take no part. */
    static String config(int port, int services, List<Integer> unitPorts) {
        StringBuilder config =
                new StringBuilder(
                        """
                        global
                                            maxconn 4000
                        defaults
                            mode http
                            timeout connect 500ms
                            timeout client 60s
                            timeout server 30s
                            balance leastconn
                            http-reuse always
                            retries 3
                            retry-on conn-failure empty-response
                            option redispatch 1
                        frontend entry
                            bind 127.0.0.1:%d
                            use_backend %%[path,field(2,/)]
                        """
                                .formatted(port));
        for (int i = 1; i <= services; i++) {
            String service = Setup.service(i);
            config.append("backend ").append(service).append('\n');
            config.append("    http-request replace-path /[^/]+(.*) \\1\n");
            boolean measured = i == services;
            for (int unit = 0; unit < (measured ? unitPorts.size() : 1); unit++) {
                config.append(
                        "    server unit-%d 127.0.0.1:%d%s\n"
                                .formatted(
                                        unit + 1, unitPorts.get(unit), measured ? " check" : ""));
            }
        }
        return config.toString();
    }
}
