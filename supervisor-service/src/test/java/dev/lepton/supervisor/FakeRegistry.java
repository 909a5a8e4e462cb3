package dev.lepton.supervisor;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.lepton.client.evidence.Evidence;
import dev.lepton.client.heartbeat.FenceTerms;
import dev.lepton.client.heartbeat.HeartbeatBatch;
import dev.lepton.client.heartbeat.HeartbeatBatchAnswer;
import dev.lepton.client.heartbeat.HeartbeatBatchAnswer.Outcome;
import dev.lepton.client.heartbeat.HeartbeatBatchAnswer.UnitOutcome;
import dev.lepton.client.incident.IncidentReport;
import dev.lepton.client.incident.KnownIncident;
import dev.lepton.client.node.NodeBeatAnswer;
import dev.lepton.client.recovery.Permit;
import dev.lepton.client.registration.ExitReport;
import dev.lepton.client.registration.Registered;
import dev.lepton.client.registration.Registration;
import dev.lepton.client.rest.ProtocolJson;
import dev.lepton.client.unit.KnownService;
import dev.lepton.client.unit.ServiceName;
import dev.lepton.client.unit.UnitId;
import dev.lepton.client.unit.UnitState;
import dev.lepton.client.unit.UnitView;
import dev.lepton.client.watch.Bookmark;
import dev.lepton.client.watch.FleetList;
import dev.lepton.client.watch.Position;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** As much of a registry as a supervisor can see: takes everything, and remembers it. */
final class FakeRegistry implements AutoCloseable {

    /** A call that was answered. */
    record Call(String line, String authorization, String body, long nanos) {}

    private static final String CLUSTER = "fake";

    final List<Call> calls = new CopyOnWriteArrayList<>();

    /** What exclusive units are told; null when none is one. */
    volatile @Nullable FenceTerms fence;

    /** What the beats are answered with. */
    volatile boolean stored = true;

    /** What a wish to end a live process is answered with. */
    volatile Permit permit = new Permit(true, "", null);

    /** Those of every service. */
    volatile List<KnownIncident> openIncidents = List.of();

    private final JsonMapper json = ProtocolJson.lenient();
    private final Map<UnitId, UnitView> units = new ConcurrentHashMap<>();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpServer server;
    private volatile long revision;

    FakeRegistry(int port) throws IOException {
        server =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    List<Call> calls(String begin) {
        return calls.stream().filter(call -> call.line().startsWith(begin)).toList();
    }

    List<Registration> registrations() {
        return calls("POST /v1/units").stream()
                .filter(call -> call.line().equals("POST /v1/units"))
                .map(call -> json.readValue(call.body(), Registration.class))
                .toList();
    }

    List<HeartbeatBatch> batches() {
        return calls("POST /v1/heartbeats").stream()
                .map(call -> json.readValue(call.body(), HeartbeatBatch.class))
                .toList();
    }

    List<ExitReport> exits(String unit) {
        return calls("POST /v1/units/" + unit + "/exit").stream()
                .map(call -> json.readValue(call.body(), ExitReport.class))
                .toList();
    }

    List<Evidence> evidence(String unit) {
        return calls("POST /v1/units/" + unit + "/evidence").stream()
                .map(call -> json.readValue(call.body(), Evidence.class))
                .toList();
    }

    List<IncidentReport> incidents(String unit, String failed) {
        return calls("PUT /v1/units/" + unit + "/incidents/" + failed).stream()
                .map(call -> json.readValue(call.body(), IncidentReport.class))
                .toList();
    }

    private void handle(HttpExchange exchange) throws IOException {
        String line = exchange.getRequestMethod() + " " + exchange.getRequestURI().getPath();
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        String authorization =
                String.valueOf(exchange.getRequestHeaders().getFirst("Authorization"));
        calls.add(new Call(line, authorization, body, System.nanoTime()));
        if (line.equals("GET /v1/watch")) {
            watch(exchange);
        } else if (line.equals("POST /v1/units")) {
            answer(exchange, 201, register(json.readValue(body, Registration.class)));
        } else if (line.equals("POST /v1/heartbeats")) {
            answer(exchange, 200, beat(json.readValue(body, HeartbeatBatch.class)));
        } else if (line.startsWith("PUT /v1/nodes/")) {
            answer(exchange, 200, new NodeBeatAnswer(stored, Duration.ofSeconds(1), List.of(), 0));
        } else if (line.startsWith("GET /v1/services/")) {
            service(exchange, new ServiceName(line.split("/")[3]));
        } else if (line.equals("GET /v1/incidents")) {
            answer(exchange, 200, Map.of("incidents", openIncidents));
        } else if (line.equals("GET /v1/policies")) {
            answer(exchange, 200, Map.of("policies", List.of()));
        } else if (line.endsWith("/permit")) {
            answer(exchange, 200, permit);
        } else if (line.endsWith("/drain")
                || line.endsWith("/evidence")
                || line.endsWith("/recovery")) {
            answer(exchange, 200, units.get(new UnitId(line.split("/")[3])));
        } else {
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
        }
    }

    private void service(HttpExchange exchange, ServiceName service) throws IOException {
        List<UnitView> known =
                units.values().stream().filter(u -> u.service().equals(service)).toList();
        if (known.isEmpty()) {
            answer(exchange, 404, Map.of("code", "not-found", "detail", "no such service"));
        } else {
            answer(exchange, 200, new KnownService(service, known, null));
        }
    }

    /** It has heard of a unit from somebody else. */
    void show(UnitView unit) {
        units.put(unit.unitId(), unit);
        revision++;
    }

    UnitView shown(UnitId unit) {
        return units.get(unit);
    }

    /** The unit has left the lists. */
    void hide(UnitId unit) {
        units.remove(unit);
        revision++;
    }

    private Registered register(Registration registration) {
        long incarnation =
                registrations().stream()
                        .filter(earlier -> earlier.unitId().equals(registration.unitId()))
                        .count();
        units.put(
                registration.unitId(),
                new UnitView(
                        registration.unitId(),
                        registration.service(),
                        registration.startId(),
                        incarnation,
                        UnitState.UP,
                        registration.address(),
                        registration.node(),
                        registration.beater(),
                        null,
                        100,
                        null,
                        registration.pid(),
                        Map.of(),
                        Instant.EPOCH,
                        "the registry's word"));
        revision++;
        return new Registered(
                registration.unitId(),
                registration.startId(),
                incarnation,
                Duration.ofSeconds(1),
                Duration.ofMillis(300),
                Duration.ofSeconds(6),
                fence,
                false);
    }

    private HeartbeatBatchAnswer beat(HeartbeatBatch batch) {
        return new HeartbeatBatchAnswer(
                stored,
                Duration.ofSeconds(1),
                Duration.ofMillis(300),
                batch.beats().stream()
                        .map(beat ->
                                new UnitOutcome(
                                        beat.unitId(), Outcome.ACCEPTED, UnitState.UP, fence))
                        .toList());
    }

    /** Sends the whole list whenever it has changed, and a bookmark each half second. */
    private void watch(HttpExchange exchange) throws IOException {
        exchange.getResponseHeaders().add("Content-Type", "text/event-stream");
        exchange.sendResponseHeaders(200, 0);
        try (OutputStream out = exchange.getResponseBody()) {
            long sent = -1;
            while (!threads.isShutdown()) {
                Position position = new Position(CLUSTER, revision);
                if (sent != position.revision()) {
                    sent = position.revision();
                    frame(
                            out,
                            "list",
                            position,
                            new FleetList(position, List.copyOf(units.values()), List.of()));
                } else {
                    frame(out, "bookmark", position, new Bookmark(position, 0));
                }
                TimeUnit.MILLISECONDS.sleep(500);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void frame(OutputStream out, String event, Position position, Object data)
            throws IOException {
        String frame =
                "event: %s\nid: %s\ndata: %s\n\n"
                        .formatted(event, position, json.writeValueAsString(data));
        out.write(frame.getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    private void answer(HttpExchange exchange, int status, Object body) throws IOException {
        byte[] bytes = json.writeValueAsBytes(body);
        exchange.getResponseHeaders().add("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    @Override
    public void close() {
        threads.shutdownNow();
        server.stop(0);
    }
}
