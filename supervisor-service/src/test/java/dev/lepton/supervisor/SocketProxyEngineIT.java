package dev.lepton.supervisor;

import static dev.lepton.supervisor.SupervisorProcess.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lepton.client.incident.IncidentCause;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The socket proxy before the real engine, with a real supervisor behind it. */
class SocketProxyEngineIT {

    @TempDir Path folder;

    private DockerContainer unit;
    private DockerContainer nobody;
    private SocketProxyProcess proxy;

    @BeforeEach
    void start() throws Exception {
        DockerContainer.engineIsRequired();
        unit = DockerContainer.ofTroubledUnit("web-1");
        nobody = DockerContainer.ofNobody();
        proxy =
                new SocketProxyProcess(folder, Map.of("LEPTON_PROJECT", DockerContainer.PROJECT))
                        .awaitListening();
    }

    @AfterEach
    void stop() throws Exception {
        if (proxy != null) {
            proxy.close();
        }
        for (DockerContainer container : new DockerContainer[] {unit, nobody}) {
            if (container != null) {
                container.close();
            }
        }
    }

    @Test
    void aSupervisorThatHasNoOtherWayToTheEngineRestartsWhatIsPaused() throws Exception {
        int port = SupervisorProcess.freePort();
        try (FakeRegistry registry = new FakeRegistry(port);
                SupervisorProcess supervisor =
                        new SupervisorProcess(
                                        folder,
                                        """
                                        registry: http://127.0.0.1:%d
                                        engine: tcp://127.0.0.1:%d
                                        services:
                                          web: { containers: 1, port: 8080, beater: node, probe: { path: / } }
                                        """
                                                .formatted(port, proxy.port()))
                                .start()
                                .awaitReady()
                                .awaitState("web-1", "UP")) {
            String failed = supervisor.unit("web-1").get("startId").asString();

            unit.docker("pause");

            await().atMost(PATIENCE)
                    .until(() ->
                            registry.incidents("web-1", failed).stream()
                                    .anyMatch(incident -> incident.servedAt() != null));
            assertThat(registry.incidents("web-1", failed).getLast().cause())
                    .isEqualTo(IncidentCause.STOPPED);
            assertThat(registry.incidents("web-1", failed).getLast().blackBox().lastLines())
                    .contains("listens");
            assertThat(unit.state("Paused")).isEqualTo("false");
        }
        assertThat(proxy.output()).doesNotContain("POST /containers/create");
    }

    @Test
    void theContainerOfNobodyIsNeitherListedNorTouched() throws Exception {
        assertThat(proxy.call("GET", "/containers/json?all=1"))
                .contains("\"web-1\"")
                .doesNotContain(nobody.name());
        for (String call :
                List.of(
                        "GET json",
                        "GET logs?stdout=1",
                        "POST start",
                        "POST stop",
                        "POST restart")) {
            String[] parts = call.split(" ");
            assertThat(proxy.status(parts[0], "/containers/" + nobody.name() + "/" + parts[1]))
                    .as(call)
                    .isEqualTo(403);
        }
        assertThat(nobody.state("Status")).isEqualTo("created");
        assertThat(proxy.status("GET", "/containers/no-such-container/json")).isEqualTo(404);
    }

    @Test
    void callsThatAreNotAllowedAreRefusedInEachWritingOfTheirPaths() throws Exception {
        String before = unit.startedAt();
        String path = "/containers/" + unit.name() + "/";
        for (String call :
                List.of(
                        "POST /containers/create",
                        "POST " + path + "exec",
                        "POST " + path + "kill",
                        "GET " + path + "archive?path=/etc/passwd",
                        "GET /images/json",
                        "GET /info",
                        "GET /containers%2fjson",
                        "GET /containers%2Fjson",
                        "GET /Containers/json",
                        "GET //containers/json",
                        "GET /_ping/../containers/json",
                        "POST " + path + "%72estart",
                        "POST " + path + "RESTART")) {
            for (String version : List.of("", "/v1.24", "/v1.41")) {
                assertThat(proxy.status(call.split(" ")[0], version + call.split(" ")[1]))
                        .as(version + " " + call)
                        .isEqualTo(403);
            }
        }
        assertThat(unit.startedAt()).isEqualTo(before);
        assertThat(proxy.status("GET", "/v1.24" + path + "json")).isEqualTo(200);
        assertThat(proxy.status("POST", "/v1.41" + path + "restart?t=0")).isEqualTo(204);
        assertThat(unit.startedAt()).isNotEqualTo(before);
    }

    @Test
    void anInspectionOfARealContainerTellsNothingOfItsEnvironment() throws Exception {
        assertThat(proxy.call("GET", "/containers/" + unit.name() + "/json"))
                .contains("\"lepton.unit\":\"web-1\"", "\"IPAddress\":\"" + unit.ip())
                .doesNotContain("JAVA_HOME", "/classes", "Mounts", "PATH=");
    }

    @Test
    void aSettingThatIsNoneAndAMissingProjectEndTheProxyWithAReason(@TempDir Path other)
            throws Exception {
        try (SocketProxyProcess wrong =
                new SocketProxyProcess(other, Map.of("LEPTON_PORT", "none"))) {
            assertThat(wrong.waitFor()).isEqualTo(78);
            assertThat(wrong.output()).contains("LEPTON_PORT 'none' must be a port");
        }
        try (SocketProxyProcess homeless = new SocketProxyProcess(other, Map.of())) {
            assertThat(homeless.waitFor()).isEqualTo(78);
            assertThat(homeless.output()).contains("set LEPTON_PROJECT");
        }
    }
}
