package dev.lepton.registry.postgres;

import dev.lepton.registry.RegistryApplication;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** {@code registry-service.jar postgres} as a process of its own. */
final class ServerProcess implements AutoCloseable {

    private final Process process;
    private final Path output;
    private final int healthPort;

    private ServerProcess(Process process, Path output, int healthPort) {
        this.process = process;
        this.output = output;
        this.healthPort = healthPort;
    }

    static ServerProcess start(Path home, int healthPort) throws IOException {
        return start(home, Map.of("LEPTON_PORT", Integer.toString(healthPort)));
    }

    static ServerProcess start(Path home, Map<String, String> environment) throws IOException {
        Path output = Files.createTempFile("lepton-postgres", ".out");
        Map<String, String> variables = new LinkedHashMap<>(environment);
        variables.putIfAbsent("LEPTON_HOME", home.toString());
        ProcessBuilder builder =
                new ProcessBuilder(
                                List.of(
                                        Path.of(System.getProperty("java.home"), "bin", "java")
                                                .toString(),
                                        "-Xmx64m",
                                        "-XX:TieredStopAtLevel=1",
                                        "-XX:+UseSerialGC",
                                        "-cp",
                                        System.getProperty("java.class.path"),
                                        RegistryApplication.class.getName(),
                                        "postgres"))
                        .redirectErrorStream(true)
                        .redirectOutput(output.toFile());
        builder.environment().putAll(variables);
        int port = 0;
        try {
            port = Integer.parseInt(variables.getOrDefault("LEPTON_PORT", "0"));
        } catch (NumberFormatException e) {
            // A test of just that.
        }
        return new ServerProcess(builder.start(), output, port);
    }

    Process process() {
        return process;
    }

    String output() throws IOException {
        return Files.readString(output);
    }

    /** 0 when nothing answers. */
    int health() {
        try (HttpClient client =
                HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build()) {
            return client.send(
                            HttpRequest.newBuilder(
                                            URI.create(
                                                    "http://127.0.0.1:" + healthPort + "/health"))
                                    .timeout(Duration.ofSeconds(5))
                                    .build(),
                            HttpResponse.BodyHandlers.discarding())
                    .statusCode();
        } catch (IOException e) {
            return 0;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return 0;
        }
    }

    int exitCode() throws InterruptedException, IOException {
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            throw new AssertionError("still running:\n" + output());
        }
        return process.exitValue();
    }

    @Override
    public void close() throws IOException {
        process.destroy();
        try {
            if (!process.waitFor(20, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        Files.deleteIfExists(output);
    }
}
