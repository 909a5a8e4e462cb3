package dev.lepton.benchmarks.peer;

import dev.lepton.benchmarks.process.Program;
import dev.lepton.benchmarks.process.Stage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Units that cost little: servers of one nginx process, which answer everything with 64 bytes. */
public final class StubUnits {

    public static final int BODY = 64;

    private StubUnits() {}

    /** Starts units and returns their ports. */
    public static List<Integer> start(Stage stage, int units) throws IOException {
        Path nginx = Program.require("nginx", "nginx-light");
        List<Integer> ports = new ArrayList<>();
        for (int i = 0; i < units; i++) {
            ports.add(Stage.freePort());
        }
        Path file =
                Files.writeString(
                        stage.folder().resolve("units.conf"), config(stage.folder(), ports));
        stage.start("units", List.of(nginx.toString(), "-e", "stderr", "-c", file.toString()));
        return ports;
    }

    static String config(Path folder, List<Integer> ports) {
        StringBuilder servers = new StringBuilder();
        for (int port : ports) {
            servers.append(
                    "    server { listen 127.0.0.1:%d backlog=4096; location / { return 200 '%s'; } }\n"
                            .formatted(port, "u".repeat(BODY)));
        }
        return """
        daemon off;
        master_process off;
        pid %1$s/units.pid;
        error_log stderr;
        events { worker_connections 4096; }
        http {
            access_log off;
            default_type text/plain;
            keepalive_requests 1000000000;
            keepalive_timeout 1h;
            client_body_temp_path %1$s/units-body;
            proxy_temp_path %1$s/units-proxy;
            fastcgi_temp_path %1$s/units-fastcgi;
            uwsgi_temp_path %1$s/units-uwsgi;
            scgi_temp_path %1$s/units-scgi;
        %2$s}
        """
                .formatted(folder, servers);
    }
}
