package dev.lepton.cli;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/** A supervisor's, and a registry's, interface that answers what the test has said. */
public final class FakeSupervisor implements AutoCloseable {

    public static final String TOKEN = "0123456789abcdef";

    private final HttpServer server;
    private final List<String> calls = new CopyOnWriteArrayList<>();
    private final Map<String, Answer> answers = new ConcurrentHashMap<>();
    private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile @Nullable String frozen;
    private volatile Runnable onStop = () -> {};
    private final Map<String, Runnable> effects = new ConcurrentHashMap<>();
    private final Map<String, String> bodies = new ConcurrentHashMap<>();

    private record Answer(int status, String body) {}

    public FakeSupervisor() {
        try {
            server =
                    HttpServer.create(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/", this::handle);
        server.setExecutor(executor);
        server.start();
        answers(
                "GET /v1/node",
                200,
                "{\"node\":\"local\",\"ready\":true,\"registryUrls\":[\"%s\"]}".formatted(url()));
        answers("POST /v1/stop", 202, "");
    }

    public String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /**
     * @param call method and path without query
     */
    public FakeSupervisor answers(String call, int status, String body) {
        answers.put(call, new Answer(status, body));
        return this;
    }

    /** A call, as method and path, is taken and never answered. */
    public FakeSupervisor freezesAt(String call) {
        frozen = call;
        return this;
    }

    public FakeSupervisor onStop(Runnable action) {
        onStop = action;
        return this;
    }

    /** What a call changes, before it is answered as was said before it. */
    public FakeSupervisor changes(String call, Runnable effect) {
        effects.put(call, effect);
        return this;
    }

    /** As if it died before it answers what it was just asked. */
    public void breakOff() {
        throw new IllegalStateException("broken off");
    }

    /** What the last such call has brought. */
    public String bodyOf(String call) {
        return bodies.getOrDefault(call, "");
    }

    /** Method, path and query of each call. */
    public List<String> calls() {
        return calls;
    }

    /** Makes the folder look as if this ran on it with that process id. */
    public FakeSupervisor runsOn(Path home, long pid) {
        try {
            Files.createDirectories(home.resolve("supervisor"));
            Files.writeString(home.resolve("token"), TOKEN + "\n");
            Files.writeString(
                    home.resolve("supervisor/supervisor.json"),
                    "{\"pid\":%d,\"url\":\"%s\",\"startedAt\":\"%s\"}"
                            .formatted(pid, url(), Instant.now()));
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        closed.countDown();
        server.stop(0);
        executor.shutdown();
    }

    private void handle(HttpExchange exchange) throws IOException {
        String call = exchange.getRequestMethod() + " " + exchange.getRequestURI().getPath();
        calls.add(exchange.getRequestMethod() + " " + exchange.getRequestURI());
        if (call.equals(frozen)) {
            awaitClose();
            return;
        }
        Answer answer =
                answers.getOrDefault(
                        call,
                        new Answer(404, "{\"code\":\"not-found\",\"detail\":\"no unit here\"}"));
        bodies.put(
                call, new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
        effects.getOrDefault(call, () -> {}).run();
        boolean open = exchange.getRequestURI().getPath().startsWith("/open/");
        if (!open
                && !("Bearer " + TOKEN)
                        .equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
            answer = new Answer(401, "{\"code\":\"unauthorized\"}");
        }
        byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(answer.status(), body.length == 0 ? -1 : body.length);
        if (body.length > 0) {
            exchange.getResponseBody().write(body);
        }
        exchange.close();
        if (call.equals("POST /v1/stop") && answer.status() == 202) {
            onStop.run();
        }
    }

    private void awaitClose() {
        try {
            closed.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
