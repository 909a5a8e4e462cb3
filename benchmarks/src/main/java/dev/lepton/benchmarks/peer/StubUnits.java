package dev.lepton.benchmarks.peer;

import dev.lepton.benchmarks.process.Program;
import dev.lepton.benchmarks.process.Stage;
import dev.lepton.benchmarks.process.StartedProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Units that cost little: nginx without anything behind it, which answers all with 64 bytes. */
public final class StubUnits {

    private static final int BODY = 64;

    private StubUnits() {}

    /** Starts units that share one process, and returns their ports. */
    public static List<Integer> start(Stage stage, int units) throws IOException {
        List<Integer> ports = new ArrayList<>();
        for (int i = 0; i < units; i++) {
            ports.add(Stage.freePort());
        }
        start(stage, "units", ports);
        return ports;
    }

    public static StartedProcess start(Stage stage, String name, List<Integer> ports)
            throws IOException {
        Path file =
                Files.writeString(
                        stage.folder().resolve(name + ".conf"),
                        config(
                                stage.folder().resolve(name),
                                ports.stream().map(String::valueOf).toList()));
        return stage.start(
                name, List.of(nginx().toString(), "-e", "stderr", "-c", file.toString()));
    }

    public static Path nginx() {
        return Program.require("nginx", "nginx-light");
    }

    /**
     * @param prefix of the files that nginx makes
     */
    public static String config(Path prefix, List<String> ports) {
        StringBuilder servers = new StringBuilder();
        for (String port : ports) {
            servers.append(
                    "    server { listen 127.0.0.1:%s backlog=4096; location / { return 200 '%s'; } }\n"
                            .formatted(port, "u".repeat(BODY)));
        }
        return """
        daemon off;
        master_process off;
        pid %1$s.pid;
        error_log stderr;
        events { worker_connections 4096; }
        http {
            access_log off;
            default_type text/plain;
            keepalive_requests 1000000000;
            keepalive_timeout 1h;
            client_body_temp_path %1$s-body;
            proxy_temp_path %1$s-proxy;
            fastcgi_temp_path %1$s-fastcgi;
            uwsgi_temp_path %1$s-uwsgi;
            scgi_temp_path %1$s-scgi;
        %2$s}
        """
                .formatted(prefix, servers);
    }
}
