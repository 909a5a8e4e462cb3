package dev.lepton.supervisor;

import static dev.lepton.supervisor.SupervisorProcess.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lepton.client.registration.ExitReport;
import dev.lepton.client.registration.Registration;
import dev.lepton.client.unit.Beater;
import dev.lepton.client.unit.UnitId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The supervisor and a registry, present or away. */
class RegistryLinkIT {

    private static final Duration REPORT_BOUND = Duration.ofMillis(200);
    private static final int TOLERANCE = Boolean.getBoolean("lepton.endurance") ? 1 : 3;

    @TempDir Path folder;

    @Test
    void anyProgramIsAUnitOfTheRegistryForAsLongAsItsProbeIsAnswered() throws Exception {
        int port = SupervisorProcess.freePort();
        try (FakeRegistry registry = new FakeRegistry(port);
                SupervisorProcess supervisor = supervisor(port).start().awaitReady()) {
            await().atMost(PATIENCE).until(() -> registry.batches().size() >= 3);
            Registration first = registry.registrations().getFirst();
            long pid = supervisor.unit("web-1").get("pid").asLong();

            assertThat(first.unitId()).isEqualTo(new UnitId("web-1"));
            assertThat(first.beater()).isEqualTo(Beater.NODE);
            assertThat(first.pid()).isEqualTo(pid);
            assertThat(first.startId().toString())
                    .isEqualTo(supervisor.unit("web-1").get("startId").asString());
            assertThat(first.address().toString())
                    .isEqualTo(supervisor.unit("web-1").get("address").asString());
            assertThat(registry.calls)
                    .allMatch(call -> call.authorization().equals("Bearer " + token(supervisor)));
            await().atMost(PATIENCE)
                    .until(() ->
                            supervisor
                                    .unit("web-1")
                                    .get("reason")
                                    .asString()
                                    .equals("the registry's word"));
            assertThat(supervisor.unit("web-1").get("incarnation").asLong()).isEqualTo(1);

            long killed = System.nanoTime();
            ProcessHandle.of(pid).orElseThrow().destroyForcibly();
            await().atMost(PATIENCE)
                    .pollInterval(Duration.ofMillis(5))
                    .until(() -> registry.exits("web-1").size() == 1);
            Duration reported =
                    Duration.ofNanos(
                            registry.calls("POST /v1/units/web-1/exit").getFirst().nanos()
                                    - killed);
            System.out.printf(
                    "exit reported after %d ms (bound %d ms)%n",
                    reported.toMillis(), REPORT_BOUND.toMillis());

            assertThat(reported).isLessThan(REPORT_BOUND.multipliedBy(TOLERANCE));
            ExitReport report = registry.exits("web-1").getFirst();
            assertThat(report.startId()).isEqualTo(first.startId());
            assertThat(report.signal()).isEqualTo(9);
            assertThat(report.expected()).isFalse();
            await().atMost(PATIENCE).until(() -> registry.registrations().size() == 2);
            assertThat(registry.registrations().getLast().startId()).isNotEqualTo(first.startId());
            await().atMost(PATIENCE)
                    .until(() -> supervisor.unit("web-1").get("incarnation").asLong() == 2);

            supervisor.process().destroy();
            assertThat(supervisor.waitFor()).isZero();

            List<String> last =
                    registry.calls.stream()
                            .map(FakeRegistry.Call::line)
                            .filter(line -> line.contains("web-1/"))
                            .toList();
            assertThat(last).endsWith("POST /v1/units/web-1/drain", "POST /v1/units/web-1/exit");
            assertThat(registry.exits("web-1").getLast().expected()).isTrue();
            assertThat(registry.exits("web-1").getLast().startId())
                    .isEqualTo(registry.registrations().getLast().startId());
        }
    }

    @Test
    void withTheRegistryAwayUnitsAreKeptRunningAndTheReportsFollowWhenItComes() throws Exception {
        int port = SupervisorProcess.freePort();
        try (SupervisorProcess supervisor = supervisor(port).start().awaitReady()) {
            String start = supervisor.unit("web-1").get("startId").asString();
            ProcessHandle.of(supervisor.unit("web-1").get("pid").asLong())
                    .orElseThrow()
                    .destroyForcibly();
            await().atMost(PATIENCE)
                    .until(() -> supervisor.unit("web-1").get("restarts").asInt() == 1);
            supervisor.awaitState("web-1", "UP");
            assertThat(supervisor.actuator("lepton").get("waitingReports").asInt()).isBetween(0, 2);

            try (FakeRegistry registry = new FakeRegistry(port)) {
                await().atMost(PATIENCE)
                        .until(() ->
                                registry.exits("web-1").size() == 1
                                        && registry.registrations().size() == 1);

                assertThat(registry.exits("web-1").getFirst().startId()).hasToString(start);
                assertThat(registry.registrations().getFirst().startId().toString())
                        .isEqualTo(supervisor.unit("web-1").get("startId").asString())
                        .isNotEqualTo(start);
            }
        }
    }

    private SupervisorProcess supervisor(int registryPort) throws Exception {
        return new SupervisorProcess(
                folder,
                "registry: http://127.0.0.1:%d\nservices: { web: { command: [%s], probe: { path: / } } }\n"
                        .formatted(registryPort, TinyUnit.command()));
    }

    private static String token(SupervisorProcess supervisor) {
        try {
            return supervisor.token();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
