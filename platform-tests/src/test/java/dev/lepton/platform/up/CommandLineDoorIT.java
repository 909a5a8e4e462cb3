package dev.lepton.platform.up;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lepton.platform.running.PlatformPorts;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Bad input at the command line, with everything behind it real. */
class CommandLineDoorIT {

    private static final PlatformPorts PORTS = PlatformPorts.free();
    private static final String ONE_UNIT =
            """
            services:
              files:
                command: ["${java}", -Xmx32m, -m, jdk.httpserver, -b, 127.0.0.1, -p, "${port}", -d, "%s"]
                beater: none
                %s
            """;

    private static LeptonCommand lepton;
    private static LeptonCommand idle;
    private static ServerSocket taken;
    private static Path good;
    private static Path folder;

    @BeforeAll
    static void runOneUnit(@TempDir Path made) throws Exception {
        folder = made.toRealPath();
        lepton = new LeptonCommand(Files.createDirectory(folder.resolve("running")), PORTS);
        idle =
                new LeptonCommand(
                        Files.createDirectory(folder.resolve("idle")), PlatformPorts.free());
        taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        good = file("good.yml", ONE_UNIT.formatted(folder, "probe: { path: / }"));
        LeptonCommand.Outcome up = lepton.run("up", "--detach", "--file", good.toString());
        assertThat(up.exitCode()).as(up.output()).isZero();
    }

    @AfterAll
    static void stopIt() throws Exception {
        taken.close();
        lepton.leaveNothingBehind();
        idle.leaveNothingBehind();
    }

    static Stream<Arguments> badInput() {
        String port = "port: " + taken.getLocalPort() + "\n    restart: { intensity: 0 }";
        return Stream.of(
                bad(2, "'fly'", running(), "fly"),
                bad(2, "--colour", running(), "units", "--colour"),
                bad(2, "restart", running(), "restart"),
                bad(2, "must be table or json", running(), "units", "-o", "xml"),
                bad(1, "files-9", running(), "restart", "files-9"),
                bad(1, "files-9", running(), "logs", "files-9"),
                bad(78, "no registry", running(), "drain", "files"),
                bad(2, "must be kill or hang", running(), "drill", "files", "--fault", "explode"),
                bad(2, "from 1 to 100", running(), "drill", "files", "--rounds", "0"),
                bad(2, "must be a path", running(), "drill", "files", "--probe", "hello"),
                bad(2, "SERVICE", running(), "drill"),
                bad(1, "no unit of service 'nobody'", running(), "drill", "nobody"),
                bad(1, "files-9", running(), "drill", "files", "--unit", "files-9"),
                bad(77, "not registered", running(), "drill", "files"),
                bad(78, "no registry", running(), "drill", "files", "--go"),
                bad(69, "nothing runs", idle(), "drill", "files"),
                bad(2, "../token", running(), "logs", "../token"),
                bad(75, "already runs", running(), "up", "--detach", "--file", good.toString()),
                bad(69, "nothing runs", idle(), "units"),
                bad(78, "no readable file", idle(), "up", "--file", folder + "/none.yml"),
                bad(
                        78,
                        "wrong.yml:3:1",
                        idle(),
                        "up",
                        "--file",
                        wrong("wrong.yml", "services:\n  files: [\n")),
                bad(78, "portt", idle(), "up", "--file", wrong("key.yml", unit("portt: 1"))),
                bad(78, "-3", idle(), "up", "--file", wrong("negative.yml", unit("units: -3"))),
                bad(78, "empty.yml", idle(), "up", "--file", wrong("empty.yml", "")),
                bad(
                        1,
                        String.valueOf(taken.getLocalPort()),
                        idle(),
                        "up",
                        "--detach",
                        "--file",
                        wrong("port.yml", unit(port))));
    }

    @ParameterizedTest(name = "{3}")
    @MethodSource("badInput")
    void badInputEndsWithItsCodeAndSaysWhatIsWrong(
            int code, String words, LeptonCommand command, List<String> arguments)
            throws Exception {
        LeptonCommand.Outcome outcome = command.run(arguments.toArray(String[]::new));

        assertThat(outcome.exitCode()).as(outcome.output()).isEqualTo(code);
        assertThat(outcome.output()).containsIgnoringCase(words).doesNotContain("\tat ");
        assertThat(lepton.run("units").output()).contains("files").contains("UP");
        if (command == idle && code == 1) {
            assertThat(idle.run("down").exitCode()).isZero();
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("badTokens")
    void aWrongTokenIsToldAndNothingIsDone(String name, String token) throws Exception {
        Path file = lepton.home().resolve("token");
        String right = Files.readString(file);
        try {
            Files.writeString(file, token);

            LeptonCommand.Outcome outcome = lepton.run("restart", "files");

            assertThat(outcome.exitCode()).as(outcome.output()).isEqualTo(1);
            assertThat(outcome.output()).contains("token").doesNotContain("\tat ");
        } finally {
            Files.writeString(file, right);
        }
        assertThat(lepton.run("units").output()).contains("UP");
    }

    static Stream<Arguments> badTokens() {
        return Stream.of(
                Arguments.of("another's", "0123456789abcdef0123456789abcdef"),
                Arguments.of("empty", ""),
                Arguments.of("with a control character", "0123456789abcdef\u001b[2J0123456789"));
    }

    private static LeptonCommand running() {
        return lepton;
    }

    private static LeptonCommand idle() {
        return idle;
    }

    private static String unit(String more) {
        return ONE_UNIT.formatted(folder, more);
    }

    private static Arguments bad(
            int code, String words, LeptonCommand command, String... arguments) {
        return Arguments.of(code, words, command, Arrays.asList(arguments));
    }

    private static String wrong(String name, String text) {
        try {
            return file(name, text).toString();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static Path file(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.writeString(file, text);
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    }
}
