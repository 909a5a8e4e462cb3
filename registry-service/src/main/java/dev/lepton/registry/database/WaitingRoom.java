package dev.lepton.registry.database;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.springframework.context.SmartLifecycle;
import tools.jackson.databind.json.JsonMapper;

/**
 * Answers at the registry's own ports until the registry itself does: alive, not ready, and why.
 * Gives the ports free just before the registry takes them.
 */
final class WaitingRoom implements SmartLifecycle {

    /** Before the phases in which the web servers start, which end at the largest number. */
    private static final int BEFORE_WEB_SERVERS = Integer.MAX_VALUE - 10_000;

    private static final int SHORTEST_SECONDS = 1;
    private static final int LONGEST_SECONDS = 5;

    private final List<HttpServer> servers = new ArrayList<>();
    private final JsonMapper json = new JsonMapper();
    private final RandomGenerator random;
    private volatile String reason;
    private volatile boolean open = true;

    private WaitingRoom(String reason, RandomGenerator random) {
        this.reason = reason;
        this.random = random;
    }

    /**
     * @param service where units and gateways ask
     * @param actuator where health is asked for, null for nowhere
     * @throws IOException when a port is taken
     */
    static WaitingRoom open(
            InetSocketAddress service,
            @Nullable InetSocketAddress actuator,
            String reason,
            RandomGenerator random)
            throws IOException {
        WaitingRoom room = new WaitingRoom(reason, random);
        try {
            room.serve(service, room::refuse);
            if (actuator != null) {
                room.serve(actuator, room::tellHealth);
            }
            return room;
        } catch (IOException e) {
            room.close();
            throw e;
        }
    }

    /** Why the registry does not start yet. */
    void tell(String why) {
        reason = why;
    }

    private void serve(InetSocketAddress address, HttpHandler handler) throws IOException {
        HttpServer server;
        try {
            server = HttpServer.create(address, 64);
        } catch (IOException e) {
            throw new IOException("cannot serve at %s: %s".formatted(address, e.getMessage()), e);
        }
        servers.add(server);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", handler);
        startAsDaemon(server);
    }

    /** Its dispatcher inherits from the thread that starts it, and is not to keep a process up. */
    private static void startAsDaemon(HttpServer server) {
        Thread starter = Thread.ofPlatform().daemon().start(server::start);
        try {
            starter.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void refuse(HttpExchange exchange) throws IOException {
        exchange.getResponseHeaders()
                .set(
                        "Retry-After",
                        Integer.toString(random.nextInt(SHORTEST_SECONDS, LONGEST_SECONDS + 1)));
        answer(
                exchange,
                503,
                "application/problem+json",
                new Refusal(
                        "urn:lepton:problem:database-away",
                        "Service Unavailable",
                        503,
                        "the registry waits for PostgreSQL before it starts",
                        "database-away"));
    }

    private void tellHealth(HttpExchange exchange) throws IOException {
        boolean liveness = exchange.getRequestURI().getPath().equals("/actuator/health/liveness");
        answer(
                exchange,
                liveness ? 200 : 503,
                "application/json",
                liveness
                        ? new Health("UP", null)
                        : new Health("OUT_OF_SERVICE", new Details(reason)));
    }

    private void answer(HttpExchange exchange, int status, String type, Object body)
            throws IOException {
        byte[] bytes = json.writeValueAsString(body).getBytes(StandardCharsets.UTF_8);
        try (exchange) {
            exchange.getResponseHeaders().set("Content-Type", type);
            // Whoever asks again asks the registry, at the same port.
            exchange.getResponseHeaders().set("Connection", "close");
            exchange.sendResponseHeaders(status, bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }

    /** At the start of the registry's own life. */
    @Override
    public void start() {
        close();
    }

    @Override
    public void stop() {
        close();
    }

    /** Until it has been started, which closes it. */
    @Override
    public boolean isRunning() {
        return !open;
    }

    @Override
    public int getPhase() {
        return BEFORE_WEB_SERVERS;
    }

    void close() {
        open = false;
        servers.forEach(server -> server.stop(0));
        servers.clear();
    }

    /** A problem detail as the registry itself would write it. */
    private record Refusal(String type, String title, int status, String detail, String code) {}

    private record Health(String status, @Nullable Details details) {}

    private record Details(String database) {}
}
