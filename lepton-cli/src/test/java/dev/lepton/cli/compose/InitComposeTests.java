package dev.lepton.cli.compose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.lepton.cli.outcome.CommandFailed;
import dev.lepton.cli.outcome.ExitCode;
import dev.lepton.cli.terminal.Terminal;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InitComposeTests {

    @TempDir Path project;

    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private final PrintStream out = new PrintStream(printed, true, StandardCharsets.UTF_8);
    private InitCompose command;

    @BeforeEach
    void withoutASocket() {
        command = command(true);
    }

    private InitCompose command(boolean engineAnswers) {
        return new InitCompose(
                new Terminal(out, out), () -> engineAnswers, project.resolve("docker.sock"));
    }

    @Test
    void secretsAreReadableInAFolderThatIsNot() throws IOException {
        assertThat(command.run(project)).isEqualTo(ExitCode.OK);

        assertThat(permissions(".lepton-compose")).isEqualTo("rwx------");
        assertThat(permissions(".lepton-compose/lepton-token")).isEqualTo("r--r--r--");
        assertThat(permissions(".lepton-compose/postgres-password")).isEqualTo("r--r--r--");
        assertThat(text(".lepton-compose/lepton-token")).hasSize(43);
        assertThat(text(".lepton-compose/postgres-password"))
                .hasSize(43)
                .isNotEqualTo(text(".lepton-compose/lepton-token"));
    }

    @Test
    void theEnvironmentNamesTheFolderAndHoldsNoSecret() throws IOException {
        command.run(project);

        assertThat(text(".env"))
                .contains("LEPTON_SECRETS=./.lepton-compose\n", "COMPOSE_PROJECT_NAME=lepton\n")
                .doesNotContain(text(".lepton-compose/lepton-token"))
                .doesNotContain(text(".lepton-compose/postgres-password"));
        assertThat(printed.toString(StandardCharsets.UTF_8))
                .doesNotContain(text(".lepton-compose/lepton-token"));
    }

    @Test
    void theSecretsAreMadeWithoutAnEngineTooAndItsAbsenceIsTold() throws IOException {
        command(false).run(project);

        assertThat(text(".env")).contains("LEPTON_SECRETS");
        assertThat(printed.toString(StandardCharsets.UTF_8))
                .contains("no Docker engine answers: install Docker");
    }

    @Test
    void theGroupOfTheEnginesSocketIsNamedAsSoonAsThereIsOne() throws IOException {
        command.run(project);
        assertThat(text(".env")).doesNotContain("LEPTON_DOCKER_GID");
        Path socket = Files.createFile(project.resolve("docker.sock"));

        command.run(project);
        command.run(project);

        assertThat(text(".env"))
                .containsOnlyOnce(
                        "LEPTON_DOCKER_GID=" + Files.getAttribute(socket, "unix:gid") + "\n")
                .containsOnlyOnce("LEPTON_SECRETS=");
    }

    @Test
    void whatIsThereIsKept() throws IOException {
        Files.writeString(project.resolve(".env"), "LEPTON_GATEWAY_PORT=9000\n");
        command.run(project);
        String token = text(".lepton-compose/lepton-token");
        String environment = text(".env");

        command.run(project);

        assertThat(text(".lepton-compose/lepton-token")).isEqualTo(token);
        assertThat(text(".env")).isEqualTo(environment).startsWith("LEPTON_GATEWAY_PORT=9000\n");
        assertThat(printed.toString(StandardCharsets.UTF_8)).contains("kept");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n", "short"})
    void aSecretThatIsNoneIsRefusedAndKept(String secret) throws IOException {
        Path file = project.resolve(".lepton-compose/postgres-password");
        Files.createDirectories(file.getParent());
        Files.writeString(file, secret);

        assertThatExceptionOfType(CommandFailed.class)
                .isThrownBy(() -> command.run(project))
                .withMessageContaining("postgres-password")
                .withMessageContaining("at least 16")
                .withMessageContaining("delete it");
        assertThat(Files.readString(file)).isEqualTo(secret);
    }

    private String text(String path) throws IOException {
        return Files.readString(project.resolve(path));
    }

    private String permissions(String path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(project.resolve(path)));
    }
}
