package dev.lepton.registry.replica;

import dev.lepton.client.rest.ProtocolJson;
import dev.lepton.registry.RegistryApplication;
import dev.lepton.registry.support.FreshDatabase;
import dev.lepton.registry.support.TestPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A replica of the registry as a process, which reaches PostgreSQL, and is reached by its clients,
 * through a relay each. Its addresses outlive its processes.
 */
final class ReplicaProcess implements AutoCloseable {

    private static final HttpClient HTTP =
            HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .connectTimeout(Duration.ofSeconds(1))
                    .build();
    private static final Duration PATIENCE = Duration.ofSeconds(1);
    private static final long STOP_SECONDS = 30;

    private final String name;
    private final FreshDatabase database;
    private final Path home;
    private final List<String> settings;
    private final int port = freePort();
    private final int actuatorPort = freePort();
    private final Relay toPostgres;
    private final Relay fromClients;
    private @Nullable Process process;

    /**
     * @param settings as {@code name=value}
     */
    ReplicaProcess(String name, FreshDatabase database, Path home, List<String> settings)
            throws IOException {
        this.name = name;
        this.database = database;
        this.home = Files.createDirectories(home);
        this.settings = settings;
        this.toPostgres = Relay.to(TestPostgres.shared().port());
        this.fromClients = Relay.to(port);
    }

    URI url() {
        return URI.create("http://127.0.0.1:" + fromClients.port());
    }

    Relay toPostgres() {
        return toPostgres;
    }

    Relay fromClients() {
        return fromClients;
    }

    void start() throws IOException {
        List<String> command =
                new ArrayList<>(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-Xmx192m",
                                "-XX:TieredStopAtLevel=1",
                                "-XX:+UseSerialGC",
                                "-cp",
                                System.getProperty("java.class.path"),
                                RegistryApplication.class.getName(),
                                "--server.port=" + port,
                                "--management.server.port=" + actuatorPort,
                                "--lepton.home=" + home,
                                "--" + JumpingClock.FILE + "=" + clock(),
                                "--spring.datasource.url=" + databaseUrl(),
                                "--spring.datasource.username=" + database.username(),
                                "--spring.datasource.password=" + database.password(),
                                "--spring.datasource.hikari.maximum-pool-size=5",
                                "--spring.datasource.hikari.minimum-idle=1"));
        settings.forEach(setting -> command.add("--" + setting));
        process =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(
                                ProcessBuilder.Redirect.appendTo(home.resolve("out").toFile()))
                        .start();
    }

    /** Null when it does not answer. */
    @Nullable State state() {
        try {
            HttpResponse<String> answer =
                    HTTP.send(
                            HttpRequest.newBuilder(
                                            URI.create(
                                                    "http://127.0.0.1:"
                                                            + actuatorPort
                                                            + "/actuator/lepton"))
                                    .timeout(PATIENCE)
                                    .build(),
                            HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() != 200) {
                return null;
            }
            JsonNode state = ProtocolJson.lenient().readTree(answer.body());
            return new State(
                    UUID.fromString(state.get("replica").asString()),
                    state.get("leader").asBoolean(),
                    state.get("revision").asLong(),
                    state.get("ageMillis").asLong());
        } catch (IOException e) {
            return null;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    void requireAlive() {
        if (!running().isAlive()) {
            throw new AssertionError(name + " has ended:\n" + output());
        }
    }

    void kill() {
        running().destroyForcibly();
        ended();
    }

    /** As an operator does, in order. */
    void stop() {
        running().destroy();
        ended();
    }

    void freeze() {
        signal("STOP");
    }

    void thaw() {
        signal("CONT");
    }

    /** Its wall clock is wrong from now on. */
    void setClock(Duration offset) {
        try {
            Path next = Files.writeString(home.resolve("clock.new"), offset.toString());
            Files.move(next, clock(), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String output() {
        try {
            return Files.readString(home.resolve("out"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path clock() {
        return home.resolve("clock");
    }

    private void ended() {
        try {
            if (!running().waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
                throw new AssertionError(name + " goes on:\n" + output());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private void signal(String signal) {
        try {
            int code =
                    new ProcessBuilder("kill", "-" + signal, Long.toString(running().pid()))
                            .inheritIO()
                            .start()
                            .waitFor();
            if (code != 0) {
                throw new IllegalStateException("kill -%s of %s failed".formatted(signal, name));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private Process running() {
        Process now = process;
        if (now == null) {
            throw new IllegalStateException(name + " was never started");
        }
        return now;
    }

    private String databaseUrl() {
        return database.url()
                .replace(":" + TestPostgres.shared().port() + "/", ":" + toPostgres.port() + "/");
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String toString() {
        return name;
    }

    @Override
    public void close() throws IOException {
        if (process != null) {
            // A frozen one too.
            process.destroyForcibly();
            ended();
        }
        toPostgres.close();
        fromClients.close();
    }

    /**
     * What the replica says of itself.
     *
     * @param id of this process
     */
    record State(UUID id, boolean leader, long revision, long ageMillis) {}
}
