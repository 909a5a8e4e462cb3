package dev.lepton.platform.compose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lepton.client.rest.ProtocolJson;
import dev.lepton.platform.load.KeepAliveClient;
import dev.lepton.platform.running.Checkout;
import dev.lepton.platform.running.Command;
import dev.lepton.platform.running.FreePorts;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * The platform in containers, from a copy of this checkout: as a user has it, with a project name
 * and a port of the test's own.
 */
final class ComposeProject implements AutoCloseable {

    private static final Duration BUILD_LIMIT = Duration.ofMinutes(20);
    private static final Duration COMMAND_LIMIT = Duration.ofMinutes(5);
    private static final Duration START_LIMIT = Duration.ofMinutes(2);

    private final Path folder;
    private final String name = "lepton-test-" + ProcessHandle.current().pid();
    private final int port;
    private final Map<String, String> environment;

    private ComposeProject(Path folder, int port, Map<String, String> more) {
        this.folder = folder;
        this.port = port;
        this.environment = new HashMap<>(more);
        environment.put("COMPOSE_PROJECT_NAME", name);
        environment.put("LEPTON_TAG", name);
        environment.put("LEPTON_GATEWAY_PORT", Integer.toString(port));
    }

    /** A copy of what the checkout tracks or would track, without secrets, in a new folder. */
    static ComposeProject copyInto(Path folder) throws IOException {
        Path checkout = Checkout.root();
        String files =
                Command.run(
                                checkout,
                                Map.of(),
                                Duration.ofMinutes(1),
                                List.of("git", "ls-files", "-co", "--exclude-standard"))
                        .succeeded();
        for (String file : files.lines().toList()) {
            Path source = checkout.resolve(file);
            if (Files.isRegularFile(source)) {
                Path copy = folder.resolve(file);
                Files.createDirectories(copy.getParent());
                Files.copy(source, copy, StandardCopyOption.COPY_ATTRIBUTES);
            }
        }
        return new ComposeProject(folder, FreePorts.one(), Map.of());
    }

    /**
     * The same project, asked with more of the environment of Compose. It is closed with the first.
     */
    ComposeProject with(Map<String, String> more) {
        return new ComposeProject(folder, port, more);
    }

    Command.Outcome initCompose(Map<String, String> more) {
        return Command.run(folder, more, COMMAND_LIMIT, List.of("./lepton", "init-compose"));
    }

    /**
     * Builds the images of what is up by default.
     *
     * @return how long it took
     */
    Duration build() {
        long from = System.nanoTime();
        compose("build").succeeded();
        return Duration.ofNanos(System.nanoTime() - from);
    }

    Command.Outcome compose(String... arguments) {
        return Command.run(folder, environment, BUILD_LIMIT, Docker.compose(arguments));
    }

    Command.Outcome composeWith(Map<String, String> more, String... arguments) {
        Map<String, String> all = new HashMap<>(environment);
        all.putAll(more);
        return Command.run(folder, all, BUILD_LIMIT, Docker.compose(arguments));
    }

    Path folder() {
        return folder;
    }

    int port() {
        return port;
    }

    String secret(String secret) throws IOException {
        return Files.readString(folder.resolve(".lepton-compose").resolve(secret));
    }

    KeepAliveClient gateway() {
        return new KeepAliveClient(URI.create("http://127.0.0.1:" + port), 30_000);
    }

    String container(String service) {
        String id = compose("ps", "-q", service).succeeded().strip();
        assertThat(id).as("the container of " + service).matches("[0-9a-f]{12,}");
        return id;
    }

    /** What {@code docker inspect} says of a container or image. */
    JsonNode inspect(String id) {
        String output = docker("inspect", id).succeeded();
        return ProtocolJson.lenient().readTree(output).get(0);
    }

    Command.Outcome docker(String... arguments) {
        return Command.run(folder, Map.of(), COMMAND_LIMIT, Docker.docker(arguments));
    }

    void awaitHealthy(String... services) {
        for (String service : services) {
            await().atMost(START_LIMIT)
                    .pollInterval(Duration.ofMillis(500))
                    .ignoreExceptions()
                    .until(() ->
                            inspect(container(service))
                                    .at("/State/Health/Status")
                                    .asString()
                                    .equals("healthy"));
        }
    }

    /** Removes containers, volumes and networks, and the images of the project's own tag. */
    @Override
    public void close() {
        compose("--profile", "more", "--profile", "supervised", "down", "-v", "--remove-orphans");
        docker("images", "-q", "--filter", "reference=lepton/*:" + name)
                .output()
                .lines()
                .distinct()
                .forEach(image -> docker("rmi", "-f", image));
    }
}
