package dev.lepton.benchmarks.peer;

import dev.lepton.benchmarks.process.Stage;
import dev.lepton.benchmarks.process.StartedProcess;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Locale;

/**
 * A stock Eureka server, which keeps everything in memory and asks for no token.
 *
 * @param url of its interface, with a slash at its end
 */
public record EurekaRegistry(StartedProcess process, URI url) {

    public static EurekaRegistry start(Setup setup, List<String> jvmOptions)
            throws IOException, InterruptedException {
        int port = Stage.freePort();
        StartedProcess process =
                setup.stage()
                        .start(
                                "stock-eureka",
                                Setup.java(
                                        jvmOptions,
                                        setup.jar("benchmarks/peers/stock-eureka"),
                                        "--server.port=" + port));
        URI url = RunningPeer.loopback(port, "/eureka/");
        process.awaitOk(url.resolve("apps"));
        return new EurekaRegistry(process, url);
    }

    /**
     * Registers a unit {@code SERVICE:PORT} for each port, which renews as long as the stage
     * stands.
     */
    public void register(Stage stage, String service, List<Integer> ports)
            throws IOException, InterruptedException {
        stage.keep(EurekaUnits.register(url, service, ports));
    }

    /** What Eureka calls a service. */
    public static String application(String service) {
        return service.toUpperCase(Locale.ROOT);
    }
}
