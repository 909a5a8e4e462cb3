package dev.lepton.benchmarks.process;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * A process of the benchmark.
 *
 * @param log where its output goes
 */
public record StartedProcess(String name, ProcessHandle handle, Path log) {

    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final Duration LIMIT = Duration.ofMinutes(10);
    private static final int LAST_LINES = 25;

    /** Of the process and of those that it started. */
    public List<Long> pids() {
        return Stream.concat(Stream.of(handle), handle.descendants())
                .map(ProcessHandle::pid)
                .toList();
    }

    /** Asks until the answer is 200. */
    public void awaitOk(URI uri) throws IOException, InterruptedException {
        long from = System.nanoTime();
        HttpRequest request = HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(5)).build();
        String last = "no answer";
        while (System.nanoTime() - from < LIMIT.toNanos() && handle.isAlive()) {
            try {
                int status = HTTP.send(request, BodyHandlers.discarding()).statusCode();
                if (status == 200) {
                    return;
                }
                last = "status " + status;
            } catch (IOException e) {
                last = e.toString();
            }
            LockSupport.parkNanos(200_000_000);
        }
        throw new IOException(
                "%s does not answer %s (%s). The end of its output:\n%s"
                        .formatted(name, uri, last, endOfLog()));
    }

    private String endOfLog() throws IOException {
        List<String> lines =
                new String(Files.readAllBytes(log), StandardCharsets.UTF_8).lines().toList();
        return String.join(
                "\n", lines.subList(Math.max(0, lines.size() - LAST_LINES), lines.size()));
    }
}
