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
 * they are and which group may use the engine's socket, and holds none. What is there already is
 * kept, so that it may be run again.
 */
public final class InitCompose {

    private static final String FOLDER = ".lepton-compose";
    private static final String SECRETS = "LEPTON_SECRETS";
    private static final String GROUP = "LEPTON_DOCKER_GID";

    private final Terminal terminal;
    private final BooleanSupplier engine;
    private final Path socket;

    /**
     * @param engine whether a Docker engine answers
     * @param socket where one listens, if it is the ordinary one
     */
    public InitCompose(Terminal terminal, BooleanSupplier engine, Path socket) {
        this.terminal = terminal;
        this.engine = engine;
        this.socket = socket;
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
        terminal.print((complete(environment) ? "made  " : "kept  ") + environment);
        if (!engine.getAsBoolean()) {
            terminal.print(
                    "\nno Docker engine answers: install Docker with Compose, or start it (systemctl start docker); 'docker info' says more");
        }
        terminal.print("\nStart it:  docker-compose up -d --build");
        terminal.print("Try it:    curl http://127.0.0.1:8080/worker/hello");
        return ExitCode.OK;
    }

    /** Answers whether anything was missing. */
    private boolean complete(Path environment) throws IOException {
        List<String> lines =
                Files.exists(environment)
                        ? new ArrayList<>(Files.readAllLines(environment))
                        : new ArrayList<>(
                                List.of(
                                        "# Read by docker-compose. Holds no secret.",
                                        "COMPOSE_PROJECT_NAME=lepton"));
        int before = lines.size();
        addIfMissing(lines, SECRETS, "./" + FOLDER);
        if (Files.exists(socket)) {
            addIfMissing(lines, GROUP, Files.getAttribute(socket, "unix:gid").toString());
        }
        if (lines.size() == before) {
            return false;
        }
        Files.write(
                environment,
                lines,
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.WRITE);
        return true;
    }

    private static void addIfMissing(List<String> lines, String variable, String value) {
        if (lines.stream().noneMatch(line -> line.startsWith(variable + "="))) {
            lines.add(variable + "=" + value);
        }
    }
}
