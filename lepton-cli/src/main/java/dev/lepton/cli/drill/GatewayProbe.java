package dev.lepton.cli.drill;

import dev.lepton.cli.running.Surroundings;
import dev.lepton.client.rest.RegistryHttp;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * Asks the gateway 20 times a second, however long the answers take: a request that hangs delays no
 * other one.
 */
final class GatewayProbe implements AutoCloseable {

    private static final Duration EVERY = Duration.ofMillis(50);
    private static final Duration CONNECT = Duration.ofSeconds(2);

    /** Longer than a gateway works on a request. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final String path;
    private final HttpRequest request;
    private final Surroundings around;
    private final HttpClient http = RegistryHttp.client("lepton-probe", CONNECT);
    private final ExecutorService requests = Executors.newVirtualThreadPerTaskExecutor();
    private final List<Future<Sample>> sent = new ArrayList<>();
    private final Thread sender;
    private volatile boolean stopping;

    /**
     * @param failure null when it was answered 2xx
     */
    private record Sample(Duration took, @Nullable String failure) {}

    GatewayProbe(String gateway, String path, Surroundings around) {
        this.path = path;
        this.around = around;
        this.request = HttpRequest.newBuilder(URI.create(gateway + path)).timeout(PATIENCE).build();
        this.sender = Thread.ofPlatform().daemon().name("probe").start(this::send);
    }

    private void send() {
        long due = around.nanos().getAsLong();
        while (!stopping) {
            Callable<Sample> ask = this::ask;
            synchronized (sent) {
                sent.add(requests.submit(ask));
            }
            due += EVERY.toNanos();
            long early = due - around.nanos().getAsLong();
            if (early > 0) {
                around.pause(Duration.ofNanos(early));
            }
        }
    }

    private Sample ask() throws InterruptedException {
        Surroundings.Stopwatch stopwatch = around.stopwatch();
        try {
            HttpResponse<Void> answer = http.send(request, BodyHandlers.discarding());
            int status = answer.statusCode();
            return new Sample(stopwatch.elapsed(), status / 100 == 2 ? null : "status " + status);
        } catch (IOException e) {
            return new Sample(stopwatch.elapsed(), e.toString());
        }
    }

    /** Sends no more, and waits for the answers that are still to come. */
    DrillReport.ProbeResult result() throws InterruptedException {
        stopping = true;
        sender.join();
        List<Sample> samples = new ArrayList<>();
        synchronized (sent) {
            for (Future<Sample> each : sent) {
                try {
                    samples.add(each.get());
                } catch (ExecutionException e) {
                    throw new IllegalStateException(e.getCause());
                }
            }
        }
        List<String> failures =
                samples.stream().map(Sample::failure).filter(f -> f != null).toList();
        return new DrillReport.ProbeResult(
                path,
                samples.size(),
                failures.size(),
                samples.stream().map(Sample::took).max(Duration::compareTo).orElse(Duration.ZERO),
                failures.isEmpty() ? null : failures.getFirst());
    }

    @Override
    public void close() {
        stopping = true;
        requests.shutdownNow();
        http.shutdownNow();
    }
}
