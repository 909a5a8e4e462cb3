package dev.lepton.supervisor.supervision;

import dev.lepton.client.heartbeat.SelfCheck;
import dev.lepton.client.rest.ProtocolJson;
import dev.lepton.client.unit.UnitAddress;
import dev.lepton.supervisor.declaration.Probe;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** Probes units over the network: processes over loopback, containers at their addresses. */
public final class NetworkProber implements Prober, LifeSigns, AutoCloseable {

    private static final String SELF_REPORT = "/actuator/lepton";

    /** As much of the starter's report as matters here. */
    private record Report(@Nullable Requests requests, @Nullable SelfCheck selfCheck) {}

    private record Requests(@Nullable Long completed) {}

    private final JsonMapper json = ProtocolJson.lenient();
    private final Duration timeout;
    private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpClient http;

    public NetworkProber(Duration timeout) {
        this.timeout = timeout;
        this.http =
                HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .connectTimeout(timeout)
                        .executor(executor)
                        .build();
    }

    @Override
    public CompletableFuture<Outcome> ask(Probe probe, String host, int port) {
        return ask(probe, host, port, timeout, status -> status >= 200 && status < 300);
    }

    @Override
    public CompletableFuture<Outcome> answers(
            Probe probe, String host, int port, Duration patience) {
        return ask(probe, host, port, patience, _ -> true);
    }

    @Override
    public CompletableFuture<SelfReport> selfReport(
            String host, int managementPort, Duration patience) {
        URI uri = uri(host, managementPort, SELF_REPORT);
        HttpRequest request = HttpRequest.newBuilder(uri).timeout(patience).build();
        return http.sendAsync(request, HttpResponse.BodyHandlers.ofByteArray())
                .orTimeout(patience.toMillis(), TimeUnit.MILLISECONDS)
                .thenApply(response ->
                        response.statusCode() == 200
                                ? selfReport(response.body())
                                : SelfReport.NONE)
                .exceptionally(_ -> SelfReport.NONE);
    }

    private SelfReport selfReport(byte[] body) {
        Report report = json.readValue(body, Report.class);
        return new SelfReport(
                report.requests() == null ? null : report.requests().completed(),
                report.selfCheck());
    }

    private CompletableFuture<Outcome> ask(
            Probe probe, String host, int port, Duration patience, IntPredicate good) {
        try {
            return switch (probe.kind()) {
                case HTTP ->
                        get(
                                uri(host, port, Objects.requireNonNullElse(probe.path(), "/")),
                                patience,
                                good);
                case CONNECT ->
                        CompletableFuture.supplyAsync(
                                () -> connect(host, port, patience), executor);
                case NONE -> CompletableFuture.completedFuture(new Outcome(true, "it runs"));
            };
        } catch (RuntimeException e) {
            // Without an outcome a start would keep its place, and its unit its loop, for ever.
            return CompletableFuture.completedFuture(
                    new Outcome(false, "cannot be asked: " + words(e)));
        }
    }

    private CompletableFuture<Outcome> get(URI uri, Duration patience, IntPredicate good) {
        String path = pathOf(uri);
        HttpRequest request = HttpRequest.newBuilder(uri).timeout(patience).build();
        return http.sendAsync(request, HttpResponse.BodyHandlers.discarding())
                .orTimeout(patience.toMillis(), TimeUnit.MILLISECONDS)
                .handle((response, failure) -> {
                    if (response == null) {
                        return new Outcome(false, "GET " + path + ": " + words(failure));
                    }
                    int status = response.statusCode();
                    return new Outcome(good.test(status), "GET " + path + ": " + status);
                });
    }

    private static Outcome connect(String host, int port, Duration patience) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(host, port), (int) patience.toMillis());
            return new Outcome(true, "port " + port + " accepts connections");
        } catch (IOException e) {
            return new Outcome(false, "port " + port + ": " + words(e));
        }
    }

    private static URI uri(String host, int port, String path) {
        return URI.create(UnitAddress.http(host, port) + path);
    }

    private static String pathOf(URI uri) {
        return uri.getRawQuery() == null
                ? uri.getRawPath()
                : uri.getRawPath() + "?" + uri.getRawQuery();
    }

    private static String words(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null
                        ? failure.getCause()
                        : failure;
        return switch (cause) {
            case ConnectException _ -> "connection refused";
            case HttpTimeoutException _ -> "no answer in time";
            case TimeoutException _ -> "no answer in time";
            default -> String.valueOf(cause.getMessage());
        };
    }

    @Override
    public void close() {
        http.shutdownNow();
        executor.shutdownNow();
    }
}
