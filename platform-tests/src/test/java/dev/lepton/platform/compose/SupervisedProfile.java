package dev.lepton.platform.compose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lepton.client.rest.ProtocolJson;
import dev.lepton.platform.load.KeepAliveClient;
import dev.lepton.platform.running.FreePorts;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import tools.jackson.databind.JsonNode;

/**
 * The profile of Compose whose supervisor restarts what hangs, switched on while the platform runs;
 * and what its way to the engine cannot be misused for.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class SupervisedProfile {

    private static final Duration LIMIT = Duration.ofMinutes(3);

    /** Prints the first line of what the proxy answers to each METHOD and TARGET that is given. */
    private static final String ASK =
            """
            while [ $# -gt 0 ]; do
                exec 3<>/dev/tcp/engine/2375
                printf '%s %s HTTP/1.1\\r\\nHost: engine\\r\\nContent-Length: 0\\r\\n\\r\\n' "$1" "$2" >&3
                read -r line <&3; echo "${line%$'\\r'}"
                exec 3>&-
                shift 2
            done
            """;

    private static final String CHAOS =
            """
            version: "3.8"
            services:
              worker-1: { environment: { LEPTON_SAMPLE_CHAOS: "true" } }
              worker-2: { environment: { LEPTON_SAMPLE_CHAOS: "true" } }
              worker-3: { environment: { LEPTON_SAMPLE_CHAOS: "true" } }
            """;

    private final int registryPort = FreePorts.one();
    private ComposeProject project;

    /** What runs already, without the profile. */
    abstract ComposeProject running();

    @BeforeAll
    void switchItOn() throws IOException {
        project =
                running()
                        .with(
                                Map.of(
                                        "COMPOSE_FILE",
                                        "docker-compose.yml:docker/publish-registry.yml:chaos.yml",
                                        "COMPOSE_PROFILES",
                                        "supervised",
                                        "LEPTON_NODE",
                                        "compose",
                                        "LEPTON_REGISTRY_PORT",
                                        Integer.toString(registryPort)));
        Files.writeString(project.folder().resolve("chaos.yml"), CHAOS);
        assertThat(Files.readString(project.folder().resolve(".env")))
                .contains("LEPTON_DOCKER_GID=");
        project.compose("build", "engine", "supervisor").succeeded();
        project.compose("up", "-d").succeeded();
        project.awaitHealthy(
                "registry", "gateway", "worker-1", "worker-2", "worker-3", "engine", "supervisor");
        awaitAnswersOf("worker-1", "worker-2", "worker-3");
    }

    @Test
    void aWorkerThatIsPausedIsRestartedAndServesAgain() {
        String container = project.container("worker-1");
        String before = startedAt(container);

        project.docker("pause", container).succeeded();

        await().atMost(LIMIT)
                .until(() ->
                        !startedAt(container).equals(before)
                                && !project.inspect(container).at("/State/Paused").asBoolean());
        awaitAnswersOf("worker-1");
        awaitIncident("worker-1", "stopped");
    }

    @Test
    void aWorkerThatHangsIsRestartedAndTheIncidentIsShown() throws IOException {
        String unit;
        try (KeepAliveClient gateway = project.gateway()) {
            unit =
                    gateway.send("POST", "/worker/chaos/hang", Map.of(), new byte[0])
                            .header("Lepton-Unit");
        }
        String container = project.container(unit);
        String before = startedAt(container);

        await().atMost(LIMIT).until(() -> !startedAt(container).equals(before));
        awaitAnswersOf(unit);
        JsonNode incident = awaitIncident(unit, "hung");
        assertThat(incident.toString()).contains("\"node\":\"compose\"");
    }

    @Test
    void whatIsNotAllowedIsRefusedFromWithinTheNetworkOfTheProxy() {
        String worker = "/containers/" + project.container("worker-2") + "/";
        String gateway = "/containers/" + project.container("gateway") + "/";
        List<String> calls =
                List.of(
                        "POST /containers/create",
                        "POST " + worker + "exec",
                        "POST " + worker + "kill",
                        "DELETE " + worker.substring(0, worker.length() - 1),
                        "GET /images/json",
                        "GET /info",
                        "GET /containers%2fjson",
                        "GET /containers%2Fjson",
                        "GET /CONTAINERS/json",
                        "GET /_ping/..%2fcontainers/json",
                        "POST " + worker + "%65xec",
                        "POST " + worker + "Restart",
                        "GET " + gateway + "json",
                        "POST " + gateway + "restart",
                        "GET " + gateway + "logs?stdout=1");
        List<String> arguments = new ArrayList<>();
        for (String version : List.of("", "/v1.41")) {
            for (String call : calls) {
                arguments.add(call.split(" ")[0]);
                arguments.add(version + call.split(" ")[1]);
            }
        }

        assertThat(asked(arguments)).hasSize(2 * calls.size()).containsOnly("HTTP/1.1 403 Refused");
        assertThat(asked(List.of("GET", "/v1.41" + worker + "json", "GET", "/_ping")))
                .containsOnly("HTTP/1.1 200 OK");
    }

    @Test
    void nobodyElseReachesTheProxy() {
        assertThat(
                        project.compose(
                                        "exec",
                                        "-T",
                                        "worker-3",
                                        "./healthy",
                                        "http://engine:2375/_ping")
                                .exitCode())
                .isNotZero();
        for (String service : List.of("engine", "supervisor")) {
            JsonNode container = project.inspect(project.container(service));
            assertThat(container.at("/HostConfig/ReadonlyRootfs").asBoolean()).isTrue();
            assertThat(container.at("/HostConfig/CapDrop").toString()).contains("ALL");
            assertThat(container.at("/HostConfig/PortBindings").isEmpty()).isTrue();
            assertThat(container.at("/Config/User").asString()).startsWith("10001");
            assertThat(container.at("/HostConfig/Binds").toString().contains("docker.sock"))
                    .as(service)
                    .isEqualTo(service.equals("engine"));
        }
    }

    private List<String> asked(List<String> arguments) {
        List<String> command =
                new ArrayList<>(List.of("exec", "-T", "supervisor", "bash", "-c", ASK, "ask"));
        command.addAll(arguments);
        return project.compose(command.toArray(String[]::new)).succeeded().lines().toList();
    }

    private String startedAt(String container) {
        return project.inspect(container).at("/State/StartedAt").asString();
    }

    private void awaitAnswersOf(String... units) {
        Set<String> answered = new TreeSet<>();
        await().atMost(LIMIT)
                .ignoreExceptions()
                .until(() -> {
                    try (KeepAliveClient gateway = project.gateway()) {
                        KeepAliveClient.Answer answer = gateway.get("/worker/hello");
                        if (answer.status() == 200) {
                            answered.add(answer.header("Lepton-Unit"));
                        }
                    }
                    return answered.containsAll(Set.of(units));
                });
    }

    private JsonNode awaitIncident(String unit, String cause) {
        Map<String, JsonNode> found = new HashMap<>();
        await().atMost(LIMIT)
                .ignoreExceptions()
                .until(() -> {
                    StreamSupport.stream(incidents().spliterator(), false)
                            .filter(incident ->
                                    incident.path("unitId").asString().equals(unit)
                                            && incident.path("cause").asString().equals(cause))
                            .forEach(incident -> found.put(unit, incident));
                    return found.containsKey(unit);
                });
        return found.get(unit);
    }

    private JsonNode incidents() throws IOException {
        try (KeepAliveClient registry =
                new KeepAliveClient(URI.create("http://127.0.0.1:" + registryPort), 10_000)) {
            KeepAliveClient.Answer answer =
                    registry.send(
                            "GET",
                            "/v1/incidents",
                            Map.of("Authorization", "Bearer " + project.secret("lepton-token")),
                            new byte[0]);
            return ProtocolJson.lenient().readTree(answer.text()).path("incidents");
        }
    }
}
