package dev.lepton.starter;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.lepton.client.heartbeat.FenceTerms;
import dev.lepton.client.heartbeat.Heartbeat;
import dev.lepton.client.heartbeat.HeartbeatAnswer;
import dev.lepton.client.registration.DrainRequest;
import dev.lepton.client.registration.Registered;
import dev.lepton.client.registration.Registration;
import dev.lepton.client.rest.ProtocolJson;
import dev.lepton.client.unit.StartId;
import dev.lepton.client.unit.UnitState;
import dev.lepton.client.unit.UnitView;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * A registry that holds units in memory, remembers every call, and refuses when the test says so.
 */
public final class FakeRegistry implements AutoCloseable {

    private final JsonMapper json = ProtocolJson.lenient();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpServer server;
    private final Map<String, UnitView> units = new ConcurrentHashMap<>();
    private final AtomicLong incarnations = new AtomicLong();
    private volatile boolean repeated;
    private final Queue<Refusal> registrationRefusals = new ConcurrentLinkedQueue<>();
    private final Queue<Refusal> beatRefusals = new ConcurrentLinkedQueue<>();
    private final List<String> calls = new CopyOnWriteArrayList<>();
    private final List<Registration> registrations = new CopyOnWriteArrayList<>();
    private final List<Beat> beats = new CopyOnWriteArrayList<>();
    private volatile Duration interval = Duration.ofMillis(100);
    private volatile UnitState state = UnitState.UP;
    private volatile String token = "";
    private volatile boolean stores = true;
    private volatile @Nullable FenceTerms fence;

    public FakeRegistry() {
        this(0);
    }

    public FakeRegistry(int port) {
        try {
            server =
                    HttpServer.create(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    public static int freePort() {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    public FakeRegistry beatsEvery(Duration interval) {
        this.interval = interval;
        return this;
    }

    /** What every answer to a beat says from now on. */
    public void answersState(UnitState state) {
        this.state = state;
    }

    public void requiresToken(String token) {
        this.token = token;
    }

    public void refusesNextRegistration(int status, String code, String... header) {
        registrationRefusals.add(new Refusal(status, code, header));
    }

    public void refusesNextBeat(int status, String code) {
        beatRefusals.add(new Refusal(status, code));
    }

    /** As after the loss of its database. */
    public void forgetsEverything() {
        units.clear();
    }

    public List<String> calls() {
        return calls;
    }

    public List<Registration> registrations() {
        return registrations;
    }

    public List<Beat> beats() {
        return beats;
    }

    public Heartbeat lastBeat() {
        return beats.getLast().heartbeat();
    }

    /** What exclusive units are told. */
    public void fence(FenceTerms terms) {
        fence = terms;
    }

    /** Whether registrations are answered as known already. */
    public void knows(boolean repeated) {
        this.repeated = repeated;
    }

    public void stores(boolean stores) {
        this.stores = stores;
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    private void handle(HttpExchange exchange) throws IOException {
        String call = exchange.getRequestMethod() + " " + exchange.getRequestURI();
        byte[] body = exchange.getRequestBody().readAllBytes();
        String authorization = exchange.getRequestHeaders().getFirst("Authorization");
        calls.add(call);
        if (!token.isEmpty() && !("Bearer " + token).equals(authorization)) {
            refuse(exchange, new Refusal(401, "unauthorized"));
        } else if (call.equals("POST /v1/units")) {
            register(exchange, json.readValue(body, Registration.class));
        } else if (call.endsWith("/heartbeat")) {
            beat(exchange, unitOf(exchange), json.readValue(body, Heartbeat.class));
        } else if (call.endsWith("/drain")) {
            drain(exchange, unitOf(exchange), json.readValue(body, DrainRequest.class));
        } else if (exchange.getRequestMethod().equals("DELETE")) {
            units.remove(unitOf(exchange));
            answer(exchange, 204, null);
        } else {
            refuse(exchange, new Refusal(404, "not-found"));
        }
    }

    private void register(HttpExchange exchange, Registration registration) throws IOException {
        registrations.add(registration);
        Refusal refusal = registrationRefusals.poll();
        if (refusal != null) {
            refuse(exchange, refusal);
            return;
        }
        long incarnation = incarnations.incrementAndGet();
        units.put(registration.unitId().value(), view(registration, incarnation));
        answer(
                exchange,
                201,
                new Registered(
                        registration.unitId(),
                        registration.startId(),
                        incarnation,
                        interval,
                        Duration.ofMillis(300),
                        Duration.ofSeconds(6),
                        fence,
                        repeated));
    }

    private void beat(HttpExchange exchange, String unit, Heartbeat heartbeat) throws IOException {
        beats.add(new Beat(System.nanoTime(), unit, heartbeat));
        Refusal refusal = beatRefusals.poll();
        UnitView known = units.get(unit);
        if (refusal != null) {
            refuse(exchange, refusal);
        } else if (known == null) {
            refuse(exchange, new Refusal(404, "not-registered"));
        } else {
            answer(
                    exchange,
                    200,
                    new HeartbeatAnswer(
                            stores,
                            state,
                            known.incarnation(),
                            interval,
                            Duration.ofMillis(300),
                            fence));
        }
    }

    private void drain(HttpExchange exchange, String unit, DrainRequest request)
            throws IOException {
        StartId start = request.startId();
        UnitView known = units.get(unit);
        if (known == null || !known.startId().equals(start)) {
            refuse(exchange, new Refusal(404, "not-registered"));
        } else {
            state = UnitState.DRAINING;
            answer(exchange, 200, known);
        }
    }

    private static String unitOf(HttpExchange exchange) {
        return exchange.getRequestURI().getPath().split("/")[3];
    }

    private static UnitView view(Registration registration, long incarnation) {
        return new UnitView(
                registration.unitId(),
                registration.service(),
                registration.startId(),
                incarnation,
                UnitState.STARTING,
                registration.address(),
                registration.node(),
                registration.beater(),
                registration.version(),
                registration.weight(),
                registration.zone(),
                registration.pid(),
                registration.labels(),
                Instant.EPOCH,
                "registered");
    }

    private void answer(HttpExchange exchange, int status, Object body) throws IOException {
        byte[] bytes = body == null ? new byte[0] : json.writeValueAsBytes(body);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        if (bytes.length > 0) {
            exchange.getResponseBody().write(bytes);
        }
        exchange.close();
    }

    private void refuse(HttpExchange exchange, Refusal refusal) throws IOException {
        for (int i = 0; i + 1 < refusal.header().length; i += 2) {
            exchange.getResponseHeaders().set(refusal.header()[i], refusal.header()[i + 1]);
        }
        byte[] bytes =
                json.writeValueAsBytes(
                        Map.of("code", refusal.code(), "detail", "as the test wants"));
        exchange.getResponseHeaders().set("Content-Type", "application/problem+json");
        exchange.sendResponseHeaders(refusal.status(), bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    /** A beat, and when it came on the monotonic clock. */
    public record Beat(long nanos, String unit, Heartbeat heartbeat) {}

    private record Refusal(int status, String code, String... header) {}
}
