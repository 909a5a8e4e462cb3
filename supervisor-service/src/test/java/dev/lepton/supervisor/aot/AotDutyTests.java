package dev.lepton.supervisor.aot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.awaitility.Awaitility.await;

import dev.lepton.client.unit.NodeName;
import dev.lepton.client.unit.ServiceName;
import dev.lepton.client.unit.UnitId;
import dev.lepton.supervisor.declaration.AotTraining;
import dev.lepton.supervisor.declaration.Beating;
import dev.lepton.supervisor.declaration.LivenessProbe;
import dev.lepton.supervisor.declaration.PortChoice;
import dev.lepton.supervisor.declaration.Probe;
import dev.lepton.supervisor.declaration.ServiceDeclaration;
import dev.lepton.supervisor.recovery.UnitPolicy;
import dev.lepton.supervisor.runtime.LaunchSpec;
import dev.lepton.supervisor.runtime.RecordedRun;
import dev.lepton.supervisor.runtime.Run;
import dev.lepton.supervisor.runtime.UnitRuntime;
import dev.lepton.supervisor.supervision.Launches;
import dev.lepton.supervisor.supervision.Ports;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AotDutyTests {

    private static final Duration LIMIT = Duration.ofSeconds(20);

    @TempDir Path folder;

    private final RefusingRuntime runtime = new RefusingRuntime();

    @Test
    void closingADutyThatNeverBeganIsNoError() {
        AotDuty duty = duty();

        assertThatNoException().isThrownBy(duty::close);
    }

    @Test
    void whatGoesWrongWithOneServiceDoesNotKeepTheOthersFromTheirs() {
        try (AotDuty duty = duty(service("first"), service("second"))) {
            duty.start();

            await().atMost(LIMIT)
                    .untilAsserted(
                            () -> assertThat(runtime.started).containsExactly("first", "second"));
        }
    }

    @Test
    void aNoteThatWasCutOffByAPowerLossIsClearedUp() throws IOException {
        Path training = Files.createDirectories(folder.resolve("aot/training"));
        Files.createFile(training.resolve("start-id"));
        try (AotDuty duty = duty(service("first"))) {
            duty.start();

            await().atMost(LIMIT)
                    .untilAsserted(() -> assertThat(runtime.started).containsExactly("first"));
        }
        assertThat(training).doesNotExist();
    }

    private AotDuty duty(ServiceDeclaration... services) {
        return new AotDuty(
                List.of(services),
                new Launches(
                        new NodeName("here"),
                        List.of(),
                        folder,
                        folder.resolve("token"),
                        Path.of("/jdk/bin/java")),
                new AotCaches(folder.resolve("aot"), "25"),
                runtime,
                (probe, host, port) -> new CompletableFuture<>(),
                new Ports(new Random(1)),
                System::nanoTime,
                () -> true,
                null);
    }

    private static ServiceDeclaration service(String name) {
        Probe probe = Probe.http("/ready", false);
        return new ServiceDeclaration(
                new ServiceName(name),
                List.of("${java}", "-jar", "${home}/app.jar"),
                1,
                PortChoice.FREE,
                null,
                Beating.SELF,
                probe,
                Set.of(),
                Map.of(),
                Path.of("${home}"),
                Duration.ofSeconds(20),
                LivenessProbe.of(probe),
                UnitPolicy.ORDINARY,
                new AotTraining(probe, Map.of()));
    }

    /** Cannot start anything. */
    private static final class RefusingRuntime implements UnitRuntime {

        private final List<String> started = new CopyOnWriteArrayList<>();

        @Override
        public Run start(LaunchSpec spec) throws IOException {
            started.add(spec.environment().get("LEPTON_SERVICE"));
            throw new IOException("no such program");
        }

        @Override
        public Optional<Run> find(RecordedRun recorded) {
            return Optional.empty();
        }

        @Override
        public void sweep(RecordedRun recorded) {}

        @Override
        public @Nullable String obstacle(UnitId unit) {
            return null;
        }

        @Override
        public void rest(UnitId unit) {}

        @Override
        public boolean endsWithSupervisor(UnitId unit) {
            return true;
        }
    }
}
