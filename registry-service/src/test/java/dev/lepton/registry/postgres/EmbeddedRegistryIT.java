package dev.lepton.registry.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import dev.lepton.registry.support.RunningRegistry;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole registry on its embedded PostgreSQL. */
class EmbeddedRegistryIT {

    private static final String REGISTRATION =
            """
            {"unitId":"worker-1","startId":"%s","service":"worker","address":{"host":"127.0.0.1","port":9000}}\
            """;

    @TempDir Path folder;

    @Test
    void whatWasAcknowledgedIsThereAfterTheNextStart() throws Exception {
        Path home = Homes.newIn(folder);
        try (RunningRegistry registry = timed("first", home)) {
            assertThat(register(registry, "0b9f6a52-6d0c-4b54-9a0e-3f8f5b1c7d11").statusCode())
                    .isEqualTo(201);
        }
        assertThat(Homes.file(home, "data/postmaster.pid")).doesNotExist();

        try (RunningRegistry registry = timed("second", home)) {
            assertThat(registry.get("/v1/units/worker-1").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void aServerOfAnotherProcessIsWaitedForAndItsAbsenceIsSaid() throws Exception {
        Path home = Homes.usedIn(folder);
        ServerProcess server = ServerProcess.start(home, freePort());
        try (RunningRegistry registry =
                RunningRegistry.startEmbedded(home, "lepton.postgres.start=false")) {
            assertThat(register(registry, "0b9f6a52-6d0c-4b54-9a0e-3f8f5b1c7d11").statusCode())
                    .isEqualTo(201);

            server.close();

            long began = System.nanoTime();
            HttpResponse<String> refused =
                    register(registry, "1b9f6a52-6d0c-4b54-9a0e-3f8f5b1c7d12");
            Duration took = Duration.ofNanos(System.nanoTime() - began);
            assertThat(refused.statusCode()).as(refused.body()).isEqualTo(503);
            assertThat(refused.body()).contains("\"code\":\"database-away\"");
            assertThat(refused.headers().firstValue("Retry-After")).isPresent();
            assertThat(took).isLessThan(Duration.ofSeconds(9));
            System.out.printf("Refused for want of PostgreSQL after %d ms%n", took.toMillis());
            assertThat(registry.get("/v1/units/worker-1").statusCode()).isEqualTo(200);
            assertThat(registry.actuator("/health/liveness").statusCode()).isEqualTo(200);
            assertThat(registry.actuator("/health/readiness").statusCode()).isEqualTo(503);

            server = ServerProcess.start(home, freePort());
            await().atMost(Duration.ofSeconds(60))
                    .untilAsserted(() -> {
                        assertThat(registry.actuator("/health/readiness").statusCode())
                                .isEqualTo(200);
                        assertThat(
                                        register(registry, "0b9f6a52-6d0c-4b54-9a0e-3f8f5b1c7d11")
                                                .statusCode())
                                .isEqualTo(200);
                    });
        } finally {
            server.close();
        }
    }

    @Test
    void aServerThatNobodyRunsIsGivenUpInTime() throws Exception {
        Path home = Homes.usedIn(folder);

        assertThatExceptionOfType(PostgresRefusal.class)
                .isThrownBy(() ->
                        new PostgresAttachment(home, Duration.ofSeconds(1), System::nanoTime)
                                .await())
                .withMessageContaining("it was never started")
                .withMessageContaining("lepton.postgres.attach-timeout")
                .matches(refusal -> refusal.getExitCode() == 1);
    }

    private static RunningRegistry timed(String which, Path home) {
        long began = System.nanoTime();
        RunningRegistry registry = RunningRegistry.startEmbedded(home);
        System.out.printf(
                "Registry with embedded PostgreSQL, %s start: %d ms%n",
                which, Duration.ofNanos(System.nanoTime() - began).toMillis());
        return registry;
    }

    private static HttpResponse<String> register(RunningRegistry registry, String startId) {
        return registry.send("POST", "/v1/units", REGISTRATION.formatted(startId));
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
