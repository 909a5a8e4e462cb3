package dev.lepton.supervisor;

import static dev.lepton.supervisor.SupervisorProcess.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lepton.client.incident.IncidentCause;
import dev.lepton.client.incident.IncidentReport;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real container that fails in different ways, under a real engine and a real supervisor. */
class ContainerUnitsIT {

    private static final Duration PROVEN_WITHIN = Duration.ofSeconds(10);
    private static final int TOLERANCE = Boolean.getBoolean("lepton.endurance") ? 1 : 3;

    @TempDir Path folder;

    private final HttpClient http = HttpClient.newHttpClient();
    private DockerContainer container;
    private FakeRegistry registry;
    private SupervisorProcess supervisor;
    private String failed;

    @BeforeEach
    void start() throws Exception {
        DockerContainer.engineIsRequired();
        container = DockerContainer.ofTroubledUnit("web-1");
        int port = SupervisorProcess.freePort();
        registry = new FakeRegistry(port);
        supervisor =
                new SupervisorProcess(
                                folder,
                                """
                                registry: http://127.0.0.1:%d
                                project: %s
                                services:
                                  web: { containers: 1, port: 8080, beater: node, probe: { path: / } }
                                """
                                        .formatted(port, DockerContainer.PROJECT))
                        .start()
                        .awaitReady()
                        .awaitState("web-1", "UP");
        failed = supervisor.unit("web-1").get("startId").asString();
    }

    @AfterEach
    void stop() throws Exception {
        if (supervisor != null) {
            supervisor.close();
            registry.close();
        }
        if (container != null) {
            container.close();
        }
    }

    @Test
    void aContainerIsRegisteredAtItsOwnAddress() throws Exception {
        assertThat(registry.registrations())
                .singleElement()
                .satisfies(registration -> {
                    assertThat(registration.startId()).hasToString(failed);
                    assertThat(registration.address())
                            .hasToString("http://%s:8080".formatted(container.ip()));
                });
        assertThat(supervisor.unit("web-1").get("pid").asLong()).isEqualTo(container.pid());
    }

    @Test
    void aPausedContainerIsFoundStoppedAndRestarted() throws Exception {
        String before = container.startedAt();
        long begun = System.nanoTime();
        container.docker("pause");

        IncidentReport incident = awaitRestart("pause", begun);

        assertThat(incident.cause()).isEqualTo(IncidentCause.STOPPED);
        assertThat(incident.blackBox().threads()).contains("Paused: true");
        assertThat(container.startedAt()).isNotEqualTo(before);
        assertThat(container.state("Paused")).isEqualTo("false");
    }

    @Test
    void aContainerThatAcceptsConnectionsAndNeverAnswersIsRestarted() throws Exception {
        String before = container.startedAt();
        long begun = System.nanoTime();
        ask("/hang");
        ask("/hang");

        IncidentReport incident = awaitRestart("hang", begun);

        assertThat(incident.cause()).isEqualTo(IncidentCause.HUNG);
        assertThat(incident.signal()).isEqualTo(9);
        assertThat(incident.blackBox().lastLines()).contains("listens");
        assertThat(container.startedAt()).isNotEqualTo(before);
    }

    @Test
    void theExitOfAContainerIsSeenAtOnceWithItsCodeAndItsEngineStartsItAgain() throws Exception {
        long begun = System.nanoTime();
        container.docker("kill");

        await().atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> !registry.exits("web-1").isEmpty());
        Duration after = Duration.ofNanos(System.nanoTime() - begun);
        System.out.printf("kill: reported after %d ms%n", after.toMillis());

        assertThat(after).isLessThan(Duration.ofSeconds(1).multipliedBy(TOLERANCE));
        assertThat(registry.exits("web-1").getFirst().signal()).isEqualTo(9);
        assertThat(registry.exits("web-1").getFirst().startId()).hasToString(failed);
    }

    @Test
    void aSupervisorThatStopsLeavesItsContainersAndTheNextOneFindsThem() throws Exception {
        String before = container.startedAt();

        supervisor.process().destroy();
        supervisor.waitFor();
        assertThat(container.state("Running")).isEqualTo("true");
        supervisor.start().awaitState("web-1", "UP");

        assertThat(supervisor.unit("web-1").get("startId").asString()).isEqualTo(failed);
        assertThat(container.startedAt()).isEqualTo(before);
        assertThat(registry.exits("web-1")).isEmpty();
    }

    @Test
    void aUnitThatAnOperatorStopsStaysStoppedUntilItIsStarted() throws Exception {
        supervisor.post("/v1/units/web-1/stop");
        supervisor.awaitState("web-1", "STOPPED");
        assertThat(container.state("Running")).isEqualTo("false");

        supervisor.post("/v1/units/web-1/start");
        supervisor.awaitState("web-1", "UP");

        assertThat(container.state("Running")).isEqualTo("true");
    }

    @Test
    void aContainerThatIsStoppedThroughTheEngineStaysSoUnderTheNextSupervisor() throws Exception {
        String before = container.startedAt();
        container.docker("stop");
        awaitReason("stopped through the engine");

        supervisor.process().destroyForcibly();
        supervisor.waitFor();
        supervisor.start();
        awaitReason("stopped through the engine");
        assertThat(container.startedAt()).isEqualTo(before);

        container.docker("start");
        supervisor.awaitState("web-1", "UP");
    }

    private void awaitReason(String part) {
        await().atMost(PATIENCE)
                .ignoreExceptions()
                .until(() -> supervisor.unit("web-1").get("reason").asString().contains(part));
    }

    private IncidentReport awaitRestart(String what, long begunNanos) throws Exception {
        await().atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(50))
                .until(() -> supervisor.unit("web-1").get("restarts").asInt() == 1);
        Duration after = Duration.ofNanos(System.nanoTime() - begunNanos);
        System.out.printf(
                "%s: restarted after %d ms (bound %d ms)%n",
                what, after.toMillis(), PROVEN_WITHIN.toMillis());
        assertThat(after).isLessThan(PROVEN_WITHIN.multipliedBy(TOLERANCE));
        supervisor.awaitState("web-1", "UP");
        await().atMost(PATIENCE)
                .until(() ->
                        registry.incidents("web-1", failed).stream()
                                .anyMatch(incident -> incident.servedAt() != null));
        return registry.incidents("web-1", failed).getLast();
    }

    private void ask(String path) throws Exception {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create("http://" + container.ip() + ":8080" + path))
                        .timeout(Duration.ofSeconds(5))
                        .build();
        assertThat(http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode())
                .isEqualTo(204);
    }
}
