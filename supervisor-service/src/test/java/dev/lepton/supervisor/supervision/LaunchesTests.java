package dev.lepton.supervisor.supervision;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lepton.client.unit.NodeName;
import dev.lepton.client.unit.ServiceName;
import dev.lepton.client.unit.StartId;
import dev.lepton.client.unit.UnitId;
import dev.lepton.supervisor.declaration.AotTraining;
import dev.lepton.supervisor.declaration.Beating;
import dev.lepton.supervisor.declaration.LivenessProbe;
import dev.lepton.supervisor.declaration.PortChoice;
import dev.lepton.supervisor.declaration.Probe;
import dev.lepton.supervisor.declaration.ServiceDeclaration;
import dev.lepton.supervisor.recovery.UnitPolicy;
import dev.lepton.supervisor.runtime.LaunchSpec;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LaunchesTests {

    private static final StartId START = StartId.parse("0b9f6a52-6d0c-4b54-9a0e-3f8f5b1c7d11");

    @Test
    void aUnitIsToldAllItNeedsToKnow() {
        LaunchSpec spec =
                launches(
                                List.of(
                                        URI.create("http://one:8761"),
                                        URI.create("http://two:8761")),
                                "10.1.2.3")
                        .spec(plan(PortChoice.FREE), START, 20001, 20002, Path.of("x.log"));

        assertThat(spec.command())
                .containsExactly(
                        "/jdk/bin/java",
                        "-jar",
                        "/home/app.jar",
                        "/home/data",
                        "20001",
                        "20002",
                        "web-1@here");
        assertThat(spec.workingDirectory()).isEqualTo(Path.of("/home/work"));
        assertThat(spec.environment())
                .containsExactlyInAnyOrderEntriesOf(
                        Map.ofEntries(
                                Map.entry("LEPTON_UNIT_ID", "web-1"),
                                Map.entry("LEPTON_START_ID", START.toString()),
                                Map.entry("LEPTON_SERVICE", "web"),
                                Map.entry("LEPTON_NODE", "here"),
                                Map.entry("LEPTON_HOME", "/home"),
                                Map.entry("LEPTON_TOKEN_FILE", "/home/token"),
                                Map.entry("LEPTON_NODE_ADDRESS", "10.1.2.3"),
                                Map.entry("LEPTON_REGISTRY_URL", "http://one:8761,http://two:8761"),
                                Map.entry("LEPTON_PORT", "20001"),
                                Map.entry("PORT", "20001"),
                                Map.entry("SERVER_PORT", "20001"),
                                Map.entry("LEPTON_MANAGEMENT_PORT", "20002"),
                                Map.entry("MANAGEMENT_SERVER_PORT", "20002"),
                                Map.entry("OWN", "at 20001")));
    }

    @Test
    void whatAUnitDoesNotHaveItIsNotTold() {
        LaunchSpec spec =
                launches(List.of(), null).spec(plan(null), START, 20001, 9, Path.of("x.log"));

        assertThat(spec.environment())
                .doesNotContainKeys("LEPTON_REGISTRY_URL", "LEPTON_NODE_ADDRESS");
    }

    @Test
    void aTrainingHasTheCommandOfTheUnitsAndAHomeApart() {
        LaunchSpec spec =
                launches(List.of(URI.create("http://one:8761")), "10.1.2.3")
                        .training(
                                plan(PortChoice.FREE).service(),
                                new AotTraining(Probe.NONE, Map.of("DATA", "${home}/data")),
                                START,
                                20001,
                                20002,
                                Path.of("/apart"),
                                URI.create("http://127.0.0.1:9"),
                                Path.of("x.log"));

        assertThat(spec.command())
                .containsExactly(
                        "/jdk/bin/java",
                        "-jar",
                        "/home/app.jar",
                        "/apart/data",
                        "20001",
                        "20002",
                        "web-training@here");
        assertThat(spec.environment())
                .containsEntry("LEPTON_HOME", "/apart")
                .containsEntry("LEPTON_TOKEN_FILE", "/apart/token")
                .containsEntry("LEPTON_REGISTRY_URL", "http://127.0.0.1:9")
                .containsEntry("LEPTON_UNIT_ID", "web-training")
                .containsEntry("DATA", "/apart/data")
                .containsEntry("OWN", "at 20001")
                .doesNotContainKey("LEPTON_NODE_ADDRESS");
    }

    private static Launches launches(List<URI> registry, @Nullable String address) {
        return new Launches(
                new NodeName("here"),
                registry,
                Path.of("/home"),
                Path.of("/home/token"),
                Path.of("/jdk/bin/java"),
                address);
    }

    private static UnitPlan plan(PortChoice managementPort) {
        return new UnitPlan(
                new UnitId("web-1"),
                new ServiceDeclaration(
                        new ServiceName("web"),
                        List.of(
                                "${java}",
                                "-jar",
                                "${home}/app.jar",
                                "${home}/data",
                                "${port}",
                                "${management-port}",
                                "${unit}@${node}"),
                        1,
                        PortChoice.FREE,
                        managementPort,
                        Beating.NODE,
                        Probe.NONE,
                        Set.of(),
                        Map.of("OWN", "at ${port}"),
                        Path.of("${home}/work"),
                        Duration.ofSeconds(20),
                        LivenessProbe.of(Probe.NONE),
                        UnitPolicy.ORDINARY,
                        null));
    }
}
