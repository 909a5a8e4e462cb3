package dev.lepton.platform.compose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.lepton.platform.running.Command;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The programs of Docker on this machine. */
final class Docker {

    private static final Duration ANSWERS = Duration.ofSeconds(30);

    private Docker() {}

    /** Skips the test outside of the profile full, and fails it there without an engine. */
    static void isRequired() {
        assumeTrue(
                Boolean.getBoolean("lepton.full"),
                "builds images and runs them for five minutes, with a Docker engine and Compose: runs with -Pfull");
        assertThat(Command.run(Path.of("/"), Map.of(), ANSWERS, docker("info")).exitCode())
                .as("exit code of 'docker info': the profile full needs a Docker engine")
                .isZero();
        assertThat(Command.run(Path.of("/"), Map.of(), ANSWERS, compose("version")).exitCode())
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
}
