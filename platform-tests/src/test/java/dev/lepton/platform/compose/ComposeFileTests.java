package dev.lepton.platform.compose;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lepton.platform.running.Checkout;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.yaml.snakeyaml.Yaml;

/** {@code docker-compose.yml} keeps within what Compose 1.29 and 2 both read, and is closed. */
class ComposeFileTests {

    private static final Set<String> TOP =
            Set.of("version", "services", "networks", "volumes", "secrets");
    private static final Set<String> SERVICE =
            Set.of(
                    "build",
                    "cap_drop",
                    "cpus",
                    "depends_on",
                    "environment",
                    "healthcheck",
                    "image",
                    "init",
                    "labels",
                    "logging",
                    "mem_limit",
                    "networks",
                    "pids_limit",
                    "ports",
                    "profiles",
                    "read_only",
                    "restart",
                    "secrets",
                    "security_opt",
                    "shm_size",
                    "stop_grace_period",
                    "tmpfs",
                    "user",
                    "volumes");
    private static final Set<String> HEALTHCHECK =
            Set.of("test", "interval", "timeout", "retries", "start_period");

    /** Of those that do not run as the user of their image, which is nobody's. */
    private static final Map<String, String> USERS =
            Map.of("postgres", "postgres", "engine", "10001:${LEPTON_DOCKER_GID:-0}");

    private static final Map<String, Object> FILE = read("docker-compose.yml");

    @Test
    void itHasOnlyKeysThatBothGenerationsRead() {
        assertThat(FILE.keySet().stream().filter(key -> !key.startsWith("x-")))
                .containsExactlyInAnyOrderElementsOf(TOP);
        assertThat(FILE.get("version")).isEqualTo("3.8");
        services()
                .values()
                .forEach(service -> {
                    assertThat(service.keySet()).isSubsetOf(SERVICE);
                    assertThat(map(service.get("healthcheck")).keySet()).isSubsetOf(HEALTHCHECK);
                    assertThat(map(service.get("build")).keySet()).isSubsetOf("context", "target");
                });
    }

    static Stream<String> names() {
        return services().keySet().stream();
    }

    @ParameterizedTest
    @MethodSource("names")
    void everyServiceIsLockedUpAndLimited(String name) {
        Map<String, Object> service = services().get(name);

        assertThat(service)
                .containsEntry("read_only", true)
                .containsEntry("restart", "unless-stopped")
                .containsEntry("cap_drop", List.of("ALL"))
                .containsEntry("security_opt", List.of("no-new-privileges:true"))
                // Compose 2 refuses 'pids_limit' beside 'deploy.resources.limits', and 1.29 a limit
                // of
                // processes within them.
                .containsKeys("cpus", "mem_limit", "pids_limit", "stop_grace_period", "logging");
        assertThat(service.containsKey("init") || name.equals("postgres")).isTrue();
        assertThat(service.get("user")).isEqualTo(USERS.get(name));
    }

    @Test
    void onlyTheGatewayIsPublishedAndOnLoopback() {
        assertThat(services().entrySet().stream().filter(s -> s.getValue().containsKey("ports")))
                .extracting(Map.Entry::getKey)
                .containsExactly("gateway");
        assertThat((List<?>) services().get("gateway").get("ports"))
                .allSatisfy(port -> assertThat(port.toString()).startsWith("127.0.0.1:"));
        assertThat(map(FILE.get("networks")))
                .containsEntry("database", Map.of("internal", true))
                .containsEntry("units", Map.of("internal", true))
                .containsEntry("engine", Map.of("internal", true));
    }

    @Test
    void onlyTheProxyIsShownTheSocketOfTheEngine() {
        services()
                .forEach((name, service) -> {
                    boolean shown =
                            list(service.get("volumes")).stream()
                                    .anyMatch(volume -> volume.toString().contains("docker.sock"));
                    assertThat(shown).as(name).isEqualTo(name.equals("engine"));
                });
        assertThat(list(services().get("engine").get("volumes")))
                .containsExactly(
                        "${LEPTON_DOCKER_SOCKET:-/var/run/docker.sock}:/var/run/docker.sock:ro");
        assertThat(services().get("engine")).doesNotContainKeys("secrets", "environment");
    }

    @Test
    void onlyTheSupervisorReachesTheProxy() {
        services()
                .forEach((name, service) ->
                        assertThat(list(service.get("networks")).contains("engine"))
                                .as(name)
                                .isEqualTo(Set.of("engine", "supervisor").contains(name)));
        assertThat(list(services().get("engine").get("networks"))).containsExactly("engine");
    }

    @Test
    void nothingOfTheSupervisionStartsUnasked() {
        assertThat(services().entrySet())
                .filteredOn(service -> !service.getValue().containsKey("profiles"))
                .extracting(Map.Entry::getKey)
                .containsExactlyInAnyOrder(
                        "postgres", "registry", "gateway", "worker-1", "worker-2", "worker-3");
        assertThat(services().get("engine")).containsEntry("profiles", List.of("supervised"));
        assertThat(services().get("supervisor")).containsEntry("profiles", List.of("supervised"));
    }

    @Test
    void theUnitsThatAreDeclaredAreTheWorkersThatAreLabelled() {
        Map<String, Object> declared = read("docker/compose-units.yml");

        assertThat(list(map(map(declared.get("services")).get("worker")).get("containers")))
                .containsExactlyInAnyOrderElementsOf(
                        services().values().stream()
                                .map(service -> map(service.get("labels")).get("lepton.unit"))
                                .filter(Objects::nonNull)
                                .toList());
        services()
                .forEach((name, service) ->
                        assertThat(map(service.get("labels")).get("lepton.unit"))
                                .as(name)
                                .isEqualTo(map(service.get("environment")).get("LEPTON_UNIT_ID")));
    }

    @Test
    void everyoneWaitsForTheHealthOfWhatItNeeds() {
        services()
                .values()
                .forEach(service ->
                        map(service.get("depends_on"))
                                .values()
                                .forEach(condition ->
                                        assertThat(condition)
                                                .isEqualTo(
                                                        Map.of("condition", "service_healthy"))));
        assertThat(map(services().get("registry").get("depends_on"))).containsKey("postgres");
        assertThat(map(services().get("worker-1").get("depends_on"))).containsKey("registry");
    }

    @Test
    void secretsAreFilesAndWithoutThemComposeSaysWhatToDo() {
        map(FILE.get("secrets"))
                .values()
                .forEach(secret ->
                        assertThat(map(secret).get("file").toString())
                                .startsWith("${LEPTON_SECRETS:?run './lepton init-compose' first"));
        services()
                .values()
                .forEach(service ->
                        map(service.get("environment"))
                                .forEach((name, value) -> {
                                    if (name.matches(".*(PASSWORD|TOKEN|SECRET|KEY).*")) {
                                        assertThat(name).endsWith("_FILE");
                                        assertThat(value.toString()).startsWith("/run/secrets/");
                                    }
                                }));
    }

    @Test
    void eachWorkerIsBuiltStoppedAndUpgradedAlone() {
        List<Object> images = new ArrayList<>();
        for (String worker : List.of("worker-1", "worker-2", "worker-3")) {
            Map<String, Object> service = services().get(worker);
            images.add(service.get("image"));
            assertThat(map(service.get("environment"))).containsEntry("LEPTON_UNIT_ID", worker);
        }
        assertThat(images).doesNotHaveDuplicates().doesNotContainNull();
    }

    private static Map<String, Map<String, Object>> services() {
        Map<String, Map<String, Object>> services = new LinkedHashMap<>();
        map(FILE.get("services")).forEach((name, service) -> services.put(name, map(service)));
        return services;
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> map(Object value) {
        return value == null ? Map.of() : (Map<String, Object>) value;
    }

    @SuppressWarnings("unchecked")
    private static List<Object> list(Object value) {
        return value == null ? List.of() : (List<Object>) value;
    }

    private static Map<String, Object> read(String file) {
        try {
            return new Yaml().load(Files.readString(Checkout.root().resolve(file)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
