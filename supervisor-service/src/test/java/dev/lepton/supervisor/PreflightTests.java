package dev.lepton.supervisor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PreflightTests {

    private static final String SERVICES = "services: {base: {command: [run], beater: none}}\n";

    @TempDir Path folder;

    @Test
    void theNodeKeepsItsNameWhenItsHostIsRenamed() throws Exception {
        assertThat(nodeOn("first", SERVICES)).isEqualTo("first");

        assertThat(nodeOn("second", SERVICES)).isEqualTo("first");
    }

    @Test
    void theDeclarationsNameHoldsAndIsKept() throws Exception {
        assertThat(nodeOn("host", SERVICES)).isEqualTo("host");

        assertThat(nodeOn("host", "node: rack-7\n" + SERVICES)).isEqualTo("rack-7");
        assertThat(nodeOn("host", SERVICES)).isEqualTo("rack-7");
    }

    @Test
    void aKeptNameThatIsNoneIsRefusedWithItsFile() throws Exception {
        assertThat(nodeOn("host", SERVICES)).isEqualTo("host");
        Path kept = folder.resolve("home/supervisor/node");
        Files.writeString(kept, "no name\n");

        assertThatThrownBy(() -> nodeOn("host", SERVICES))
                .isInstanceOf(StartRefused.class)
                .hasMessageContaining(kept + " is to hold the name of this node")
                .hasMessageContaining("no name");
    }

    private String nodeOn(String host, String declaration) throws StartRefused, IOException {
        Path file = Files.writeString(folder.resolve("lepton.yml"), declaration);
        Preflight preflight =
                Preflight.check(
                        new String[] {
                            "--lepton.file=" + file, "--lepton.home=" + folder.resolve("home")
                        },
                        Map.of("HOSTNAME", host));
        preflight.lock().close();
        return preflight.declaration().node().value();
    }
}
