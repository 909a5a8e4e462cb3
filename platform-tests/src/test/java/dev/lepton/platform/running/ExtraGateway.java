package dev.lepton.platform.running;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** One more gateway of a platform, which nobody supervises. */
public final class ExtraGateway implements AutoCloseable {

    private final URI address;
    private final RoutingTable routing;
    private final Process process;

    public ExtraGateway(Platform platform) throws IOException {
        List<Integer> ports = FreePorts.take(2);
        Path home = Files.createTempDirectory(platform.home(), "gateway-");
        Path token = platform.home().resolve("token");
        address = URI.create("http://127.0.0.1:" + ports.getFirst());
        routing =
                new RoutingTable(
                        new JsonHttp(token), URI.create("http://127.0.0.1:" + ports.getLast()));
        ProcessBuilder command =
                new ProcessBuilder(
                        Checkout.java().toString(),
                        "-Xmx256m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-jar",
                        Checkout.jar("gateway-service").toString(),
                        "--lepton.home=" + home,
                        "--lepton.token-file=" + token,
                        "--lepton.registry.url=" + platform.registry(),
                        "--server.port=" + ports.getFirst(),
                        "--management.server.port=" + ports.getLast());
        command.environment().keySet().removeIf(name -> name.startsWith("LEPTON_"));
        process =
                command.redirectErrorStream(true)
                        .redirectOutput(home.resolve("gateway.log").toFile())
                        .start();
    }

    public URI address() {
        return address;
    }

    public RoutingTable routing() {
        return routing;
    }

    @Override
    public void close() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(30, TimeUnit.SECONDS)) {
            process.destroyForcibly();
        }
    }
}
