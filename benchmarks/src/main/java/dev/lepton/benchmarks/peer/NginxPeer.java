package dev.lepton.benchmarks.peer;

import dev.lepton.benchmarks.process.Program;
import dev.lepton.benchmarks.process.Stage;
import dev.lepton.benchmarks.process.StartedProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** nginx with a location and an upstream for each service, and a worker for each processor. */
final class NginxPeer {

    private NginxPeer() {}

    static RunningPeer start(Setup setup) throws IOException, InterruptedException {
        Stage stage = setup.stage();
        int port = Stage.freePort();
        Path file =
                Files.writeString(
                        stage.folder().resolve("nginx.conf"),
                        config(stage.folder(), port, setup.services(), setup.unitPorts()));
        StartedProcess nginx =
                stage.start(
                        "nginx",
                        List.of(
                                Program.require("nginx", "nginx-light").toString(),
                                "-e",
                                "stderr",
                                "-c",
                                file.toString()));
        return RunningPeer.of(Peer.NGINX, setup, port, nginx);
    }

    static String config(Path folder, int port, int services, List<Integer> unitPorts) {
        StringBuilder upstreams = new StringBuilder();
        StringBuilder locations = new StringBuilder();
        for (int i = 1; i <= services; i++) {
            String service = Setup.service(i);
            upstreams.append("    upstream ").append(service).append(" { least_conn;");
            for (int unit : i == services ? unitPorts : unitPorts.subList(0, 1)) {
                upstreams.append(" server 127.0.0.1:").append(unit).append(';');
            }
            upstreams.append(" keepalive 64; }\n");
            locations.append(
                    "        location /%1$s/ { proxy_pass http://%1$s/; }\n".formatted(service));
        }
        return """
        daemon off;
        worker_processes auto;
        pid %1$s/nginx.pid;
        error_log stderr crit;
        events { worker_connections 4096; }
        http {
            access_log off;
            keepalive_requests 10000;
            proxy_http_version 1.1;
            proxy_set_header Connection "";
            client_body_temp_path %1$s/nginx-body;
            proxy_temp_path %1$s/nginx-proxy;
            fastcgi_temp_path %1$s/nginx-fastcgi;
            uwsgi_temp_path %1$s/nginx-uwsgi;
            scgi_temp_path %1$s/nginx-scgi;
        %3$s    server {
                listen 127.0.0.1:%2$d;
        %4$s    }
        }
        """
                .formatted(folder, port, upstreams, locations);
    }
}
