package dev.lepton.supervisor;

import static dev.lepton.supervisor.SupervisorProcess.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lepton.client.evidence.Evidence;
import dev.lepton.client.evidence.EvidenceKind;
import dev.lepton.client.incident.IncidentCause;
import dev.lepton.client.incident.IncidentReport;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real processes that hang in different ways, found and restarted by a real supervisor. */
class HungUnitIT {

    private static final Duration PROVEN_WITHIN = Duration.ofSeconds(10);
    private static final int TOLERANCE = Boolean.getBoolean("lepton.endurance") ? 1 : 3;

    @TempDir Path folder;

    private final HttpClient http = HttpClient.newHttpClient();
    private FakeRegistry registry;
    private SupervisorProcess supervisor;
    private String failed;

    @BeforeEach
    void start() throws Exception {
        int port = SupervisorProcess.freePort();
        registry = new FakeRegistry(port);
        supervisor =
                new SupervisorProcess(
                                folder,
                                "registry: http://127.0.0.1:%d\nservices: { web: { command: [%s], probe: { path: / } } }\n"
                                        .formatted(port, TinyUnit.command(TroubledUnit.class)))
                        .start()
                        .awaitReady();
        failed = supervisor.unit("web-1").get("startId").asString();
    }

    @AfterEach
    void stop() throws Exception {
        supervisor.close();
        registry.close();
    }

    @Test
    void aUnitThatAcceptsConnectionsAndNeverAnswersIsKilledAndItsThreadsAreKept() throws Exception {
        long begun = System.nanoTime();
        ask("/hang");
        ask("/hang");

        IncidentReport incident = awaitRestart("hang", begun);

        assertThat(incident.cause()).isEqualTo(IncidentCause.HUNG);
        assertThat(incident.signal()).isEqualTo(9);
        assertThat(incident.blackBox().threads())
                .startsWith("Full thread dump")
                .contains("TroubledUnit.forEver");
        assertThat(incident.blackBox().lastLines()).contains("listens");
        assertThat(incident.blackBox().probes()).last().matches(probe -> !probe.good());
        assertThat(evidence()).contains(EvidenceKind.HUNG);
    }

    @Test
    void aDeadlockStandsInTheDump() throws Exception {
        long begun = System.nanoTime();
        ask("/deadlock");
        ask("/deadlock");

        IncidentReport incident = awaitRestart("deadlock", begun);

        assertThat(incident.cause()).isEqualTo(IncidentCause.HUNG);
        assertThat(incident.blackBox().threads()).contains("Found one Java-level deadlock");
    }

    @Test
    void aStoppedProcessIsKilledAndTheKernelsWordIsKept() throws Exception {
        long begun = System.nanoTime();
        signal("STOP");

        IncidentReport incident = awaitRestart("SIGSTOP", begun);

        assertThat(incident.cause()).isEqualTo(IncidentCause.STOPPED);
        assertThat(incident.blackBox().threads()).contains("State:\tT (stopped)");
    }

    @Test
    void aProcessWithoutMemoryIsRestartedWithThatReason() throws Exception {
        long begun = System.nanoTime();
        ask("/leak");

        IncidentReport incident = awaitRestart("leak", begun);

        assertThat(incident.cause()).isEqualTo(IncidentCause.OUT_OF_MEMORY);
        assertThat(incident.exitCode()).isEqualTo(3);
        assertThat(incident.reason()).contains("exit code 3, out of memory");
    }

    @Test
    void theRegistryIsToldWhatWasDecidedStartedAndServed() throws Exception {
        signal("KILL");

        IncidentReport incident = awaitRestart("kill", System.nanoTime());

        assertThat(incident.cause()).isEqualTo(IncidentCause.EXITED);
        assertThat(incident.decision()).isEqualTo("restart 1 at once");
        assertThat(incident.detectedAt()).isBeforeOrEqualTo(incident.decidedAt());
        assertThat(incident.decidedAt()).isBeforeOrEqualTo(incident.startedAt());
        assertThat(incident.startedAt()).isBefore(incident.servedAt());
        assertThat(incident.nextStartId().toString())
                .isEqualTo(supervisor.unit("web-1").get("startId").asString());
        assertThat(registry.calls("POST /v1/units/web-1/recovery")).isNotEmpty();
    }

    private IncidentReport awaitRestart(String what, long begunNanos) throws Exception {
        await().atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(50))
                .until(() -> supervisor.unit("web-1").get("restarts").asInt() == 1);
        Duration after = Duration.ofNanos(System.nanoTime() - begunNanos);
        System.out.printf(
                "%s: killed after %d ms (bound %d ms)%n",
                what, after.toMillis(), PROVEN_WITHIN.toMillis());
        assertThat(after).isLessThan(PROVEN_WITHIN.multipliedBy(TOLERANCE));
        supervisor.awaitState("web-1", "UP");
        await().atMost(PATIENCE)
                .until(() ->
                        registry.incidents("web-1", failed).stream()
                                .anyMatch(incident -> incident.servedAt() != null));
        return registry.incidents("web-1", failed).getLast();
    }

    private List<EvidenceKind> evidence() {
        return registry.evidence("web-1").stream().map(Evidence::kind).toList();
    }

    private void ask(String path) throws Exception {
        HttpRequest request =
                HttpRequest.newBuilder(
                                URI.create(
                                        supervisor.unit("web-1").get("address").asString() + path))
                        .timeout(Duration.ofSeconds(5))
                        .build();
        assertThat(http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode())
                .isEqualTo(204);
    }

    private void signal(String name) throws Exception {
        long pid = supervisor.unit("web-1").get("pid").asLong();
        assertThat(new ProcessBuilder("kill", "-" + name, String.valueOf(pid)).start().waitFor())
                .isZero();
    }
}
