package dev.lepton.supervisor.supervision;

import dev.lepton.supervisor.declaration.Probe;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
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

/** Probes units of this machine over loopback. */
public final class NetworkProber implements Prober, AutoCloseable {

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
    public CompletableFuture<Outcome> ask(Probe probe, int port) {
        try {
            return switch (probe.kind()) {
                case HTTP -> get(Objects.requireNonNullElse(probe.path(), "/"), port);
                case CONNECT -> CompletableFuture.supplyAsync(() -> connect(port), executor);
                case NONE -> CompletableFuture.completedFuture(new Outcome(true, "it runs"));
            };
        } catch (RuntimeException e) {
            // Without an outcome a start would keep its place, and its unit its loop, for ever.
            return CompletableFuture.completedFuture(
                    new Outcome(false, "cannot be asked: " + words(e)));
        }
    }

    private CompletableFuture<Outcome> get(String path, int port) {
        URI uri = URI.create("http://127.0.0.1:" + port + path);
        HttpRequest request = HttpRequest.newBuilder(uri).timeout(timeout).build();
        return http.sendAsync(request, HttpResponse.BodyHandlers.discarding())
                .orTimeout(timeout.toMillis(), TimeUnit.MILLISECONDS)
                .handle((response, failure) -> {
                    if (response == null) {
                        return new Outcome(false, "GET " + path + ": " + words(failure));
                    }
                    int status = response.statusCode();
                    return new Outcome(
                            status >= 200 && status < 300, "GET " + path + ": " + status);
                });
    }

    private Outcome connect(int port) {
        try (Socket socket = new Socket()) {
            socket.connect(
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
                    (int) timeout.toMillis());
            return new Outcome(true, "port " + port + " accepts connections");
        } catch (IOException e) {
            return new Outcome(false, "port " + port + ": " + words(e));
        }
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
