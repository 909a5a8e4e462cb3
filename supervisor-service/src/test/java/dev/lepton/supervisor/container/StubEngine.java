package dev.lepton.supervisor.container;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** As much of a container engine as a supervisor may call, over HTTP. */
final class StubEngine implements AutoCloseable {

    private static final Instant BEGIN = Instant.parse("2026-11-22T12:00:00.123456789Z");

    /** One container, whose state the test changes. */
    static final class Box {
        final String id;
        final String unit;
        String status = "running";
        Instant startedAt = BEGIN;
        Instant finishedAt = Instant.EPOCH;
        int exitCode;
        boolean oomKilled;
        String ip = "127.0.0.1";

        Box(String id, String unit) {
            this.id = id;
            this.unit = unit;
        }
    }

    final List<String> calls = new CopyOnWriteArrayList<>();
    final Map<String, Box> boxes = new LinkedHashMap<>();
    String output = "";

    /** Whether it answers every call with an error. */
    volatile boolean away;

    /** Whether it takes no call that changes anything. */
    volatile boolean stubborn;

    /** Those of which it cannot tell anything. */
    final Set<String> unreadable = ConcurrentHashMap.newKeySet();

    /** What happens while it is asked of a container. */
    volatile Consumer<String> whileAsked = _ -> {};

    /** Whether it takes no new connection, as one that ends. */
    volatile boolean ending;

    private final Set<InetSocketAddress> connected = ConcurrentHashMap.newKeySet();

    /** What happens in the middle of a restart, when the container has ended. */
    volatile Runnable betweenEndAndStart = () -> {};

    /** Whether the next event is told after the one that follows it. */
    boolean holdsBackNext;

    private @Nullable String heldBack;

    /** Whether nobody is told what happens. */
    boolean mute;

    private record Happened(Instant at, String line) {}

    private final JsonMapper json = new JsonMapper();
    private final List<Happened> history = new ArrayList<>();
    private final List<OutputStream> streams = new ArrayList<>();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpServer server;
    private Instant now = BEGIN.plusSeconds(60);

    StubEngine() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    URI url() {
        return URI.create("tcp://127.0.0.1:" + server.getAddress().getPort());
    }

    synchronized Box runs(String id, String unit) {
        Box box = new Box(id, unit);
        boxes.put(id, box);
        return box;
    }

    synchronized void removed(Box box) {
        boxes.remove(box.id);
    }

    /** It ends by itself, and stays so unless it is started. */
    synchronized void dies(Box box, int exitCode) {
        box.status = "exited";
        box.exitCode = exitCode;
        box.finishedAt = tick();
        happens(box, "die", Map.of("exitCode", String.valueOf(exitCode)));
    }

    synchronized void starts(Box box) {
        box.status = "running";
        box.startedAt = tick();
        happens(box, "start", Map.of());
    }

    synchronized void changes(Box box, String status, String event) {
        box.status = status;
        tick();
        happens(box, event, Map.of());
    }

    synchronized Instant now() {
        return now;
    }

    private Instant tick() {
        now = now.plus(Duration.ofSeconds(1));
        return now;
    }

    /** Those who follow the events are cut off. */
    synchronized void cutsTheEvents() {
        streams.forEach(StubEngine::closed);
        streams.clear();
    }

    synchronized int followers() {
        return streams.size();
    }

    private void happens(Box box, String action, Map<String, String> more) {
        Map<String, String> attributes = new LinkedHashMap<>(more);
        attributes.put("lepton.unit", box.unit);
        String line =
                json.writeValueAsString(
                        Map.of(
                                "Type",
                                "container",
                                "Action",
                                action,
                                "id",
                                box.id,
                                "Actor",
                                Map.of("ID", box.id, "Attributes", attributes),
                                "time",
                                now.getEpochSecond(),
                                "timeNano",
                                now.getEpochSecond() * 1_000_000_000 + now.getNano()));
        if (mute) {
            return;
        }
        history.add(new Happened(now, line));
        if (holdsBackNext) {
            holdsBackNext = false;
            heldBack = line;
            return;
        }
        streams.forEach(stream -> written(stream, line));
        if (heldBack != null) {
            String late = heldBack;
            heldBack = null;
            streams.forEach(stream -> written(stream, late));
        }
    }

    private void handle(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        String query =
                exchange.getRequestURI().getRawQuery() == null
                        ? ""
                        : "?"
                                + URLDecoder.decode(
                                        exchange.getRequestURI().getRawQuery(),
                                        StandardCharsets.UTF_8);
        String call = exchange.getRequestMethod() + " " + path + query;
        calls.add(call);
        if (away || !takes(exchange.getRemoteAddress())) {
            answer(exchange, 503, Map.of("message", "away"));
        } else if (path.equals("/events")) {
            follow(exchange, query);
        } else if (path.equals("/containers/json")) {
            answer(exchange, 200, list());
        } else {
            ofOne(exchange, path.split("/"));
        }
    }

    private boolean takes(InetSocketAddress caller) {
        if (!ending) {
            connected.add(caller);
        }
        return connected.contains(caller);
    }

    private void ofOne(HttpExchange exchange, String[] path) throws IOException {
        Box box;
        synchronized (this) {
            box = boxes.get(path[2]);
        }
        if (box == null) {
            answer(exchange, 404, Map.of("message", "no such container"));
            return;
        }
        switch (path[3]) {
            case "json" -> {
                whileAsked.accept(box.id);
                if (unreadable.contains(box.id)) {
                    answer(exchange, 500, Map.of("message", "its lock is held"));
                } else {
                    answer(exchange, 200, inspected(box));
                }
            }
            case "logs" -> answer(exchange, 200, frame());
            default -> {
                if (stubborn) {
                    answer(exchange, 500, Map.of("message", "not now"));
                } else {
                    change(box, path[3]);
                    exchange.sendResponseHeaders(204, -1);
                    exchange.close();
                }
            }
        }
    }

    private void change(Box box, String action) {
        if (!action.equals("start")) {
            ends(box);
        }
        if (action.equals("restart")) {
            betweenEndAndStart.run();
        }
        if (!action.equals("stop")) {
            starts(box);
        }
    }

    private synchronized void ends(Box box) {
        if (!box.status.equals("exited")) {
            dies(box, 137);
            tick();
            happens(box, "stop", Map.of());
        }
    }

    private synchronized List<Map<String, String>> list() {
        return boxes.values().stream().map(box -> Map.of("Id", box.id)).toList();
    }

    private synchronized Map<String, Object> inspected(Box box) {
        Map<String, Object> state = new LinkedHashMap<>();
        boolean restarting = box.status.equals("restarting");
        boolean paused = box.status.equals("paused");
        state.put("Status", box.status);
        state.put("Running", restarting || paused || box.status.equals("running"));
        state.put("Paused", paused);
        state.put("Restarting", restarting);
        state.put("OOMKilled", box.oomKilled);
        state.put("Pid", 4711);
        state.put("ExitCode", box.exitCode);
        state.put("StartedAt", box.startedAt.toString());
        state.put("FinishedAt", box.finishedAt.toString());
        return Map.of(
                "Id",
                box.id,
                "Config",
                Map.of("Labels", Map.of("lepton.unit", box.unit)),
                "State",
                state,
                "NetworkSettings",
                Map.of("Networks", Map.of("units", Map.of("IPAddress", box.ip, "IPPrefixLen", 8))));
    }

    /** The engine's format: stream, three zeros, length, bytes. */
    private byte[] frame() {
        byte[] text = output.getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream frame = new ByteArrayOutputStream();
        frame.writeBytes(ByteBuffer.allocate(8).putInt(1 << 24).putInt(text.length).array());
        frame.writeBytes(text);
        return frame.toByteArray();
    }

    private void follow(HttpExchange exchange, String query) throws IOException {
        exchange.getResponseHeaders().add("Content-Type", "application/json");
        exchange.sendResponseHeaders(200, 0);
        OutputStream stream = exchange.getResponseBody();
        stream.flush();
        Instant since = since(query);
        synchronized (this) {
            history.stream()
                    .filter(each -> !each.at().isBefore(since))
                    .forEach(each -> written(stream, each.line()));
            streams.add(stream);
        }
    }

    private static Instant since(String query) {
        String text =
                List.of(query.substring(1).split("&")).stream()
                        .filter(part -> part.startsWith("since="))
                        .collect(Collectors.joining())
                        .substring("since=".length());
        String[] parts = text.split("\\.");
        return Instant.ofEpochSecond(Long.parseLong(parts[0]), Long.parseLong(parts[1]));
    }

    private static void written(OutputStream stream, String line) {
        try {
            stream.write((line + "\n").getBytes(StandardCharsets.UTF_8));
            stream.flush();
        } catch (IOException _) {
            // Nobody follows this one any longer.
        }
    }

    private static void closed(OutputStream stream) {
        try {
            stream.close();
        } catch (IOException _) {
            // As above.
        }
    }

    private void answer(HttpExchange exchange, int status, Object body) throws IOException {
        byte[] bytes = body instanceof byte[] raw ? raw : json.writeValueAsBytes(body);
        exchange.getResponseHeaders().add("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    @Override
    public void close() {
        cutsTheEvents();
        server.stop(0);
        threads.shutdownNow();
    }
}
