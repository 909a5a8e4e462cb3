package dev.lepton.supervisor.aot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lepton.supervisor.declaration.DeclarationReader;
import dev.lepton.supervisor.supervision.Ports;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OwnProcessTests {

    private static final Path JAVA = Path.of("/jdk/bin/java");

    @TempDir Path workshop;

    @Test
    void aSupervisorThatWasNotStartedFromAJarIsNotTrained() {
        assertThat(of(workshop, "/a/classes:/b.jar")).isFalse();
        assertThat(of(workshop, "/a/classes")).isFalse();
        assertThat(of(null, "/a/supervisor.jar")).isFalse();
        assertThat(of(workshop, "/a/supervisor.jar")).isTrue();
    }

    @Test
    void itsTrainingRunsOnADeclarationThatIsAccepted() throws Exception {
        OwnProcess own =
                new OwnProcess(
                        workshop.resolve("x.aot"), JAVA, List.of("-Xmx64m"), Path.of("/s.jar"));

        Trainee trainee = own.trainee(workshop, new Ports(new Random(1)));

        assertThat(trainee.command().words())
                .startsWith("/jdk/bin/java", "-Xmx64m", "-jar", "/s.jar")
                .contains("--lepton.home=" + workshop.resolve("home"));
        assertThat(
                        new DeclarationReader("here", Map.of())
                                .read(workshop.resolve("lepton.yml"))
                                .services())
                .hasSize(1);
    }

    private static boolean of(Path cache, String classPath) {
        return OwnProcess.of(cache, JAVA, ManagementFactory.getRuntimeMXBean(), classPath)
                .isPresent();
    }
}
