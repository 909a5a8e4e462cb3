package dev.lepton.platform.compose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The programs of Docker on this machine. */
final class Docker {

    /** How a command ended, and all that it printed. */
    record Outcome(int exitCode, String output) {

        String succeeded() {
            assertThat(exitCode).as(output).isZero();
            return output;
        }
    }

    private Docker() {}

    /** Skips the test outside of the profile full, and fails it there without an engine. */
    static void isRequired() {
        assumeTrue(
                Boolean.getBoolean("lepton.full"),
                "builds images and runs them for five minutes, with a Docker engine and Compose: runs with -Pfull");
        assertThat(run(Path.of("/"), Map.of(), 30, docker("info")).exitCode())
                .as("exit code of 'docker info': the profile full needs a Docker engine")
                .isZero();
        assertThat(run(Path.of("/"), Map.of(), 30, compose("version")).exitCode())
                .as("exit code of 'docker-compose version': the profile full needs Compose")
                .isZero();
    }

    static List<String> docker(String... arguments) {
        Path packaged = Path.of("/usr/bin/docker");
        return command(
                List.of(Files.isExecutable(packaged) ? packaged.toString() : "docker"), arguments);
    }

    static List<String> compose(String... arguments) {
        return onPath("docker-compose")
                .map(program -> command(List.of(program.toString()), arguments))
                .orElseGet(() -> command(docker("compose"), arguments));
    }

    private static List<String> command(List<String> program, String... arguments) {
        List<String> command = new ArrayList<>(program);
        command.addAll(Arrays.asList(arguments));
        return command;
    }

    private static Optional<Path> onPath(String program) {
        return Stream.of(System.getenv("PATH").split(":"))
                .map(folder -> Path.of(folder, program))
                .filter(Files::isExecutable)
                .findFirst();
    }

    static Outcome run(
            Path folder, Map<String, String> environment, long seconds, List<String> command) {
        try {
            Path output = Files.createTempFile("docker-", ".txt");
            try {
                ProcessBuilder builder = new ProcessBuilder(command);
                builder.environment().keySet().removeIf(name -> name.startsWith("LEPTON_"));
                builder.environment().putAll(environment);
                Process process =
                        builder.directory(folder.toFile())
                                .redirectInput(Path.of("/dev/null").toFile())
                                .redirectErrorStream(true)
                                .redirectOutput(output.toFile())
                                .start();
                if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
                    process.descendants().forEach(ProcessHandle::destroyForcibly);
                    process.destroyForcibly();
                    throw new AssertionError(command + " hangs:\n" + Files.readString(output));
                }
                return new Outcome(process.exitValue(), Files.readString(output));
            } finally {
                Files.delete(output);
            }
        } catch (IOException e) {
            return new Outcome(127, String.valueOf(e.getMessage()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }
}
