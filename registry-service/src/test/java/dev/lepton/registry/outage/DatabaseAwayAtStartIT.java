package dev.lepton.registry.outage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lepton.registry.postgres.OwnPostgres;
import dev.lepton.registry.support.RestUnit;
import dev.lepton.registry.support.RunningRegistry;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A registry that is started before its PostgreSQL. */
class DatabaseAwayAtStartIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final HttpClient http = HttpClient.newHttpClient();
    @TempDir Path folder;

    @Test
    void registryWaitsSaysWhyAndStartsWhenItsDatabaseIsThere() throws Exception {
        int port = freePort();
        int actuator = freePort();
        try (OwnPostgres postgres = OwnPostgres.in(folder)) {
            CompletableFuture<RunningRegistry> start =
                    CompletableFuture.supplyAsync(() -> started(postgres, port, actuator));

            await().atMost(PATIENCE).until(() -> readiness(actuator).contains("refused"));
            assertThat(get(actuator, "/actuator/health/readiness").statusCode()).isEqualTo(503);
            assertThat(get(actuator, "/actuator/health/liveness").statusCode()).isEqualTo(200);
            HttpResponse<String> refused = post(port, "/v1/units");
            assertThat(refused.statusCode()).isEqualTo(503);
            assertThat(RestUnit.code(refused)).isEqualTo("database-away");
            assertThat(refused.headers().firstValueAsLong("Retry-After").orElse(0))
                    .isBetween(1L, 5L);

            postgres.start();
            await().atMost(PATIENCE)
                    .until(() -> readiness(actuator).contains("has no database of the name"));
            assertThat(start).isNotDone();

            postgres.execute("CREATE DATABASE later OWNER " + postgres.username());
            try (RunningRegistry registry = start.get(60, TimeUnit.SECONDS)) {
                assertThat(registry.actuator("/health/readiness").statusCode()).isEqualTo(200);
                assertThat(RestUnit.startOf(registry, "worker-1").register().statusCode())
                        .isEqualTo(201);
            }
        }
    }

    @Test
    void tokenOfNoUseIsToldAtOnceAndNotAfterAWaitForTheDatabase() throws Exception {
        Path token = Files.writeString(folder.resolve("token"), "short");
        Files.setPosixFilePermissions(token, PosixFilePermissions.fromString("rw-------"));
        String nobody =
                "spring.datasource.url=jdbc:postgresql://127.0.0.1:%d/lepton".formatted(freePort());

        CompletableFuture<RunningRegistry> start =
                CompletableFuture.supplyAsync(() -> RunningRegistry.startEmbedded(folder, nobody));

        assertThat(start)
                .failsWithin(PATIENCE)
                .withThrowableThat()
                .withMessageContaining("at least 16 characters");
    }

    private static RunningRegistry started(OwnPostgres postgres, int port, int actuator) {
        try {
            return RunningRegistry.startEmbedded(
                    Files.createTempDirectory("lepton-registry"),
                    "spring.datasource.url=jdbc:postgresql://127.0.0.1:%d/later"
                            .formatted(postgres.port()),
                    "spring.datasource.username=" + postgres.username(),
                    "spring.datasource.password=" + postgres.password(),
                    "server.port=" + port,
                    "management.server.port=" + actuator);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Empty as long as nothing answers. */
    private String readiness(int port) {
        try {
            return get(port, "/actuator/health/readiness").body();
        } catch (IOException e) {
            return "";
        }
    }

    private HttpResponse<String> get(int port, String path) throws IOException {
        return send(HttpRequest.newBuilder(uri(port, path)));
    }

    private HttpResponse<String> post(int port, String path) throws IOException {
        return send(HttpRequest.newBuilder(uri(port, path)).POST(BodyPublishers.ofString("{}")));
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws IOException {
        try {
            return http.send(request.timeout(PATIENCE).build(), BodyHandlers.ofString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    private static URI uri(int port, String path) {
        return URI.create("http://127.0.0.1:" + port + path);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
