package dev.lepton.platform.faults;

import com.sun.net.httpserver.HttpServer;
import dev.lepton.client.heartbeat.Heartbeat;
import dev.lepton.client.registration.Registration;
import dev.lepton.client.rest.BearerToken;
import dev.lepton.client.rest.RegistryClient;
import dev.lepton.client.unit.ServiceName;
import dev.lepton.client.unit.StartId;
import dev.lepton.client.unit.UnitAddress;
import dev.lepton.client.unit.UnitId;
import dev.lepton.platform.load.KeepAliveClient;
import dev.lepton.platform.running.Bounds;
import dev.lepton.platform.running.Platform;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * The smallest unit: a server that answers, and a registration with one beat, by the protocol
 * alone.
 */
final class StubUnit implements AutoCloseable {

    private static final Duration TIMEOUT = Duration.ofSeconds(2);
    private static final Duration LIMIT = Duration.ofSeconds(20);

    private final Platform platform;
    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final RegistryClient registry;

    private StubUnit(Platform platform) throws IOException {
        this.platform = platform;
        this.registry =
                new RegistryClient(
                        List.of(platform.registry()),
                        BearerToken.read(platform.home().resolve("token")),
                        TIMEOUT);
        this.server =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 64);
        server.setExecutor(threads);
        server.createContext(
                "/",
                exchange -> {
                    exchange.sendResponseHeaders(200, 2);
                    exchange.getResponseBody().write(new byte[] {'o', 'k'});
                    exchange.close();
                });
        server.start();
    }

    static StubUnit start(Platform platform) throws IOException {
        return new StubUnit(platform);
    }

    /**
     * Registers as the only unit of a service, beats once, and asks the gateway until it answers;
     * from the call of the registration to the answer. Leaves afterwards.
     */
    Duration registeredUntilAnswered(String service) throws IOException {
        UnitId id = new UnitId(service + "-1");
        StartId start = StartId.random();
        try (KeepAliveClient gateway = platform.client()) {
            gateway.get("/" + service + "/");
            long from = System.nanoTime();
            registry.register(registration(id, start, service));
            registry.beat(id, new Heartbeat(start, 1, null, 0, 0, null), TIMEOUT);
            while (gateway.get("/" + service + "/").status() != 200) {
                if (System.nanoTime() - from > LIMIT.toNanos()) {
                    throw new AssertionError(
                            id + " did not answer through the gateway within " + LIMIT);
                }
            }
            return Bounds.since(from);
        } finally {
            registry.deregister(id, start);
        }
    }

    /**
     * Registers as a new start of a unit whose holder is gone; beats once.
     *
     * @return how to leave again
     */
    AutoCloseable takeOver(UnitId id, String service) {
        StartId start = StartId.random();
        registry.register(registration(id, start, service));
        registry.beat(id, new Heartbeat(start, 1, null, 0, 0, null), TIMEOUT);
        return () -> registry.deregister(id, start);
    }

    private Registration registration(UnitId id, StartId start, String service) {
        return new Registration(
                id,
                start,
                new ServiceName(service),
                UnitAddress.http("127.0.0.1", server.getAddress().getPort()),
                null,
                null,
                null,
                null,
                null,
                null,
                null);
    }

    @Override
    public void close() {
        registry.close();
        server.stop(0);
        threads.close();
    }
}
