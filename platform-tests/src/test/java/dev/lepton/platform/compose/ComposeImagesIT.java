package dev.lepton.platform.compose;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lepton.platform.running.Command;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every image is built from nothing but the checkout. That takes minutes and times nothing, so it
 * goes beside other tests; the engine keeps what was built for {@link ComposeIT}, which has the
 * machine for itself and removes it.
 */
class ComposeImagesIT {

    private static ComposeProject project;

    @BeforeAll
    static void copyTheCheckout(@TempDir Path folder) throws IOException {
        Docker.isRequired();
        project = ComposeProject.copyInto(folder.toRealPath().resolve("lepton"));
    }

    @Test
    void everyImageIsBuiltFromTheCheckoutAlone() {
        project.initCompose(Map.of()).succeeded();

        System.out.printf("images built in %d s%n", project.build().toSeconds());

        Command.Outcome images =
                project.docker(
                        "images",
                        "--filter",
                        "reference=lepton/*:" + project.tag(),
                        "--format",
                        "{{.Repository}}");
        Set<String> built = new TreeSet<>(images.succeeded().lines().toList());
        assertThat(built)
                .containsExactly(
                        "lepton/engine",
                        "lepton/gateway",
                        "lepton/registry",
                        "lepton/supervisor",
                        "lepton/worker-1",
                        "lepton/worker-2",
                        "lepton/worker-3",
                        "lepton/worker-more");
    }
}
