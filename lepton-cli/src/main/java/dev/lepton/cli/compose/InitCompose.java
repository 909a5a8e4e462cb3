package dev.lepton.cli.compose;

import dev.lepton.cli.home.Home;
import dev.lepton.cli.outcome.ExitCode;
import dev.lepton.cli.terminal.Terminal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * Makes what {@code docker-compose.yml} asks for: the secrets, and an {@code .env} that says where
 * they are and holds none. What is there already is kept, so that it may be run again.
 */
public final class InitCompose {

    private static final String FOLDER = ".lepton-compose";
    private static final String VARIABLE = "LEPTON_SECRETS";

    private final Terminal terminal;
    private final BooleanSupplier engine;

    /**
     * @param engine whether a Docker engine answers
     */
    public InitCompose(Terminal terminal, BooleanSupplier engine) {
        this.terminal = terminal;
        this.engine = engine;
    }

    /**
     * @param project the folder of {@code docker-compose.yml}
     */
    public ExitCode run(Path project) throws IOException {
        Path folder = project.resolve(FOLDER);
        Home.createPrivate(folder);
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
        for (String name : List.of("lepton-token", "postgres-password")) {
            SecretFile secret = new SecretFile(folder.resolve(name));
            terminal.print((secret.makeIfMissing() ? "made  " : "kept  ") + secret.file());
        }
        Path environment = project.resolve(".env");
        terminal.print((nameFolderIn(environment) ? "made  " : "kept  ") + environment);
        if (!engine.getAsBoolean()) {
            terminal.print(
                    "\nno Docker engine answers: install Docker with Compose, or start it (systemctl start docker); 'docker info' says more");
        }
        terminal.print("\nStart it:  docker-compose up -d --build");
        terminal.print("Try it:    curl http://127.0.0.1:8080/worker/hello");
        return ExitCode.OK;
    }

    private static boolean nameFolderIn(Path environment) throws IOException {
        List<String> lines =
                Files.exists(environment)
                        ? new ArrayList<>(Files.readAllLines(environment))
                        : new ArrayList<>(
                                List.of(
                                        "# Read by docker-compose. Holds no secret.",
                                        "COMPOSE_PROJECT_NAME=lepton"));
        if (lines.stream().anyMatch(line -> line.startsWith(VARIABLE + "="))) {
            return false;
        }
        lines.add("%s=./%s".formatted(VARIABLE, FOLDER));
        Files.write(
                environment,
                lines,
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.WRITE);
        return true;
    }
}
