package dev.lepton.benchmarks.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lepton.benchmarks.peer.Setup;
import dev.lepton.benchmarks.process.Stage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class SupervisedLeptonTests {

    @Test
    void theDeclarationRunsTheJarsOfTheCheckoutWithTheOptionsThatAreSet() throws Exception {
        try (Stage stage = Stage.open()) {
            Path checkout = stage.folder();
            for (String module : List.of("registry-service", "gateway-service")) {
                Path target = Files.createDirectories(checkout.resolve(module).resolve("target"));
                Files.createFile(target.resolve(module + "-1-exec.jar"));
            }
            Setup setup =
                    new Setup(
                            stage,
                            checkout,
                            1,
                            List.of(),
                            List.of("-Xmx256m", "-XX:+UseSerialGC"),
                            List.of("-Xmx128m"));

            String declaration =
                    SupervisedLepton.declaration(
                            setup,
                            new SupervisedLepton.Ports(1, 2, 3, 4),
                            Path.of("/usr/sbin/nginx"),
                            Path.of("/run/unit.template"));

            assertThat(declaration)
                    .contains("registry: http://127.0.0.1:1\n")
                    .contains(
                            "jar: "
                                    + checkout
                                    + "/gateway-service/target/gateway-service-1-exec.jar")
                    .contains("java-options: [-Xmx256m, -XX:+UseSerialGC]")
                    .contains("java-options: [-Xmx128m]")
                    .contains("  service-1:\n")
                    .contains("exec /usr/sbin/nginx -e stderr -c /run/unit.template.${port}");
        }
    }
}
