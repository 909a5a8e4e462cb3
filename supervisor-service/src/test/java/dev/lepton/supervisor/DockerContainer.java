package dev.lepton.supervisor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A container of the real engine that is labelled as a unit, as Compose would make it. */
final class DockerContainer implements AutoCloseable {

    static final String PROJECT = "lepton-it-" + ProcessHandle.current().pid();

    private final String name;

    private DockerContainer(String name) {
        this.name = name;
    }

    /** Skips the test without an engine; in a full run it fails. */
    static void engineIsRequired() throws Exception {
        boolean answers = succeeds("info");
        if (Boolean.getBoolean("lepton.full")) {
            assertThat(answers).as("a full run needs a Docker engine").isTrue();
        } else {
            assumeTrue(answers, "needs a Docker engine");
        }
    }

    static DockerContainer ofTroubledUnit(String unit) throws Exception {
        DockerContainer container = new DockerContainer(PROJECT + "-" + unit);
        Path classes =
                Path.of(
                        TroubledUnit.class
                                .getProtectionDomain()
                                .getCodeSource()
                                .getLocation()
                                .toURI());
        output(
                "run",
                "--detach",
                "--name",
                container.name,
                "--label",
                "lepton.unit=" + unit,
                "--label",
                "com.docker.compose.project=" + PROJECT,
                "--restart",
                "unless-stopped",
                "--volume",
                classes + ":/classes:ro",
                "eclipse-temurin:25-jre",
                "java",
                "-Xmx32m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                "/classes",
                TroubledUnit.class.getName(),
                "8080",
                "0.0.0.0");
        return container;
    }

    /** One of the same engine that is labelled as nothing, and does not run. */
    static DockerContainer ofNobody() throws Exception {
        DockerContainer container = new DockerContainer(PROJECT + "-nobody");
        output("create", "--name", container.name, "eclipse-temurin:25-jre", "true");
        return container;
    }

    String name() {
        return name;
    }

    /** A command of the engine's client on this container. */
    void docker(String command) throws Exception {
        output(command, name);
    }

    String ip() throws Exception {
        return inspect("{{.NetworkSettings.IPAddress}}");
    }

    long pid() throws Exception {
        return Long.parseLong(state("Pid"));
    }

    String startedAt() throws Exception {
        return state("StartedAt");
    }

    String state(String key) throws Exception {
        return inspect("{{.State." + key + "}}");
    }

    private String inspect(String format) throws Exception {
        return output("inspect", "--format", format, name);
    }

    @Override
    public void close() throws Exception {
        output("rm", "--force", name);
    }

    private static boolean succeeds(String... arguments) throws InterruptedException {
        try {
            return docker(arguments)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException _) {
            return false;
        }
    }

    private static String output(String... arguments) throws Exception {
        Process process = docker(arguments).start();
        String output =
                new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        assertThat(process.waitFor())
                .as("docker %s: %s", String.join(" ", arguments), output)
                .isZero();
        return output;
    }

    private static ProcessBuilder docker(String... arguments) {
        List<String> command = new ArrayList<>(List.of("docker"));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command).redirectErrorStream(true);
    }
}
