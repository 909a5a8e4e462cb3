package dev.lepton.supervisor;

import static dev.lepton.supervisor.SupervisorProcess.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The supervisor as people start it: as a process, by its exit codes and its signals. */
class SupervisorIT {

    @TempDir Path folder;

    @Test
    void killedWith9AndStartedAgainItTakesItsUnitsOverAndRestartsOnlyTheDead() throws Exception {
        try (SupervisorProcess supervisor =
                new SupervisorProcess(
                                folder,
                                "services: { web: { command: [%s], units: 3, probe: { path: / } } }"
                                        .formatted(TinyUnit.command()))
                        .start()
                        .awaitReady()) {
            Map<String, Long> before = pids(supervisor);

            supervisor.kill9();
            ProcessHandle.of(before.get("web-3")).orElseThrow().destroyForcibly();
            supervisor.start().awaitReady();

            Map<String, Long> after = pids(supervisor);
            assertThat(after).containsEntry("web-1", before.get("web-1"));
            assertThat(after).containsEntry("web-2", before.get("web-2"));
            assertThat(after.get("web-3")).isNotEqualTo(before.get("web-3"));
            assertThat(supervisor.unit("web-1").get("restarts").asInt()).isZero();
            assertThat(supervisor.unit("web-3").get("restarts").asInt()).isEqualTo(1);

            ProcessHandle.of(before.get("web-1")).orElseThrow().destroyForcibly();
            await().atMost(PATIENCE)
                    .until(() -> supervisor.unit("web-1").get("restarts").asInt() == 1);
        }
    }

    @Test
    void aSecondSupervisorOnTheSameFolderIsRefusedAndNamesTheFirst() throws Exception {
        try (SupervisorProcess first =
                new SupervisorProcess(
                                folder,
                                "services: { a: { command: [sleep, '1007'], probe: none } }")
                        .start()
                        .awaitReady()) {
            long unit = first.unit("a-1").get("pid").asLong();

            Process second = first.launch(first.command());
            assertThat(second.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();

            assertThat(second.exitValue()).isEqualTo(75);
            assertThat(first.output())
                    .contains(
                            "another supervisor (pid "
                                    + first.process().pid()
                                    + ") holds "
                                    + first.home.toRealPath());
            assertThat(first.unit("a-1").get("pid").asLong()).isEqualTo(unit);
        }
    }

    @Test
    void aBadConfigurationIsToldWithItsPlaceAndEndsWith78() throws Exception {
        SupervisorProcess supervisor =
                new SupervisorProcess(
                        folder, "services:\n  web:\n    comand: [a]\n    units: -1\n");

        assertThat(exitOf(supervisor)).isEqualTo(78);
        assertThat(supervisor.output())
                .contains(
                        "lepton.yml:3:5: unknown key 'comand' in 'services.web', did you mean 'command'?")
                .contains(
                        "lepton.yml:4:12: 'services.web.units' -1 must be a whole number from 0 to 100")
                .doesNotContain("Exception");
        assertThat(exitOf(supervisor, "--lepton.file=missing.yml")).isEqualTo(78);
        assertThat(supervisor.output()).contains("missing.yml: there is no such file");
        Files.writeString(
                folder.resolve("lepton.yml"), "services: { a: { command: [sleep, '1008'] } }");
        assertThat(exitOf(supervisor, "--lepton.start-concurrency=0")).isEqualTo(78);
        assertThat(exitOf(supervisor, "--lepton.start-concurrency=two")).isEqualTo(78);
        Files.writeString(folder.resolve("short"), "secret");
        assertThat(exitOf(supervisor, "--lepton.token-file=" + folder.resolve("short")))
                .isEqualTo(78);
        assertThat(supervisor.output())
                .contains("a token must have at least 16 characters")
                .doesNotContain("secret");
    }

    @Test
    void itsOwnLogIsBoundedToo() throws Exception {
        try (SupervisorProcess supervisor =
                new SupervisorProcess(
                        folder, "services: { a: { command: [sleep, '1017'], probe: none } }")) {
            Path log = supervisor.home.resolve("logs/supervisor.log");
            Files.createDirectories(log.getParent());
            try (RandomAccessFile long51MiB = new RandomAccessFile(log.toFile(), "rw")) {
                long51MiB.setLength(51L << 20);
            }

            supervisor.start();

            await().atMost(PATIENCE).until(() -> Files.size(log) < 11L << 20);
        }
    }

    @Test
    void aPortInUseIsToldAndNothingIsStarted() throws Exception {
        SupervisorProcess supervisor =
                new SupervisorProcess(
                        folder, "services: { a: { command: [sleep, '1009'], probe: none } }");
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThat(exitOf(supervisor, "--server.port=" + taken.getLocalPort())).isEqualTo(1);

            assertThat(supervisor.output())
                    .contains("Port " + taken.getLocalPort() + " was already in use");
            assertThat(supervisor.home.resolve("supervisor/units")).isEmptyDirectory();
        }
    }

    @Test
    void aJournalThatCannotBeReadIsNotGuessedAt() throws Exception {
        SupervisorProcess supervisor =
                new SupervisorProcess(
                        folder, "services: { a: { command: [sleep, '1010'], probe: none } }");
        Files.createDirectories(supervisor.home.resolve("supervisor/units"));
        Files.writeString(supervisor.home.resolve("supervisor/units/a-1.json"), "{");

        assertThat(exitOf(supervisor)).isEqualTo(1);

        assertThat(supervisor.output()).contains("a-1.json is unreadable");
    }

    @Test
    void sigtermStopsAllUnitsInOrderAndEndsWith0() throws Exception {
        SupervisorProcess supervisor =
                new SupervisorProcess(
                                folder,
                                """
                                services:
                                  base: { command: [sleep, '1011'], probe: none, beater: none }
                                  web: { command: [sleep, '1012'], probe: none, depends-on: [base] }
                                """)
                        .start()
                        .awaitReady();
        Map<String, Long> pids = pids(supervisor);

        supervisor.process().destroy();

        assertThat(supervisor.waitFor()).isZero();
        assertThat(steps(supervisor.output()))
                .containsExactly(
                        "web-1: drain",
                        "web-1: SIGTERM",
                        "web-1: exited",
                        "base: SIGTERM",
                        "base: exited");
        assertThat(pids.values())
                .noneMatch(pid -> ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false));
        assertThat(supervisor.home.resolve("supervisor/supervisor.json")).doesNotExist();
        assertThat(
                        PosixFilePermissions.toString(
                                Files.getPosixFilePermissions(supervisor.home.resolve("token"))))
                .isEqualTo("rw-------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(supervisor.home)))
                .isEqualTo("rwx------");
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void ctrlCAtTheTerminalStopsTheUnitsInReverseOrderBecauseItDoesNotReachThem() throws Exception {
        SupervisorProcess supervisor =
                new SupervisorProcess(
                        folder,
                        """
                        services:
                          base: { command: [sh, -c, 'trap "echo base got INT; exit 1" INT; while :; do sleep 0.1; done'], probe: none, beater: none }
                          web: { command: [sh, -c, 'trap "echo web got INT; exit 1" INT; while :; do sleep 0.1; done'], units: 2, probe: none, depends-on: [base] }
                        """);
        String command =
                supervisor.command().stream()
                        .map(word -> "'" + word + "'")
                        .collect(Collectors.joining(" "));
        // A test that runs in the background ignores Ctrl-C, and so would its children.
        Process terminal =
                new ProcessBuilder(
                                "env",
                                "--default-signal=HUP,INT",
                                "script",
                                "-qec",
                                "exec " + command,
                                "/dev/null")
                        .directory(folder.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(supervisor.output.toFile())
                        .start();
        try (OutputStream keyboard = terminal.getOutputStream()) {
            await().atMost(PATIENCE)
                    .until(() ->
                            Files.exists(supervisor.home.resolve("supervisor/supervisor.json")));
            supervisor.awaitReady();

            keyboard.write(3);
            keyboard.flush();
            assertThat(terminal.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        } finally {
            terminal.destroyForcibly();
        }

        assertThat(terminal.exitValue()).isZero();
        List<String> steps = steps(supervisor.output());
        assertThat(steps.subList(0, 6))
                .containsExactlyInAnyOrder(
                        "web-1: drain",
                        "web-2: drain",
                        "web-1: SIGTERM",
                        "web-2: SIGTERM",
                        "web-1: exited",
                        "web-2: exited");
        for (String unit : List.of("web-1", "web-2")) {
            assertThat(steps)
                    .containsSubsequence(
                            unit + ": drain",
                            unit + ": SIGTERM",
                            unit + ": exited",
                            "base: SIGTERM");
        }
        assertThat(steps.subList(6, 8)).containsExactly("base: SIGTERM", "base: exited");
        try (var logs = Files.walk(supervisor.home.resolve("logs"))) {
            assertThat(logs.filter(Files::isRegularFile))
                    .hasSize(3)
                    .allSatisfy(log -> assertThat(log).content().doesNotContain("got INT"));
        }
    }

    private static int exitOf(SupervisorProcess supervisor, String... more) throws Exception {
        Process process = supervisor.launch(supervisor.command(more));
        assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        return process.exitValue();
    }

    private static Map<String, Long> pids(SupervisorProcess supervisor) throws Exception {
        Map<String, Long> pids = new TreeMap<>();
        for (JsonNode unit : supervisor.get("/v1/units").get("units")) {
            pids.put(unit.get("id").asString(), unit.get("pid").asLong());
        }
        return pids;
    }

    /** The steps of an ordered stop, as {@code web-1: drain}. */
    private static List<String> steps(String output) {
        List<String> steps = new ArrayList<>();
        for (String coloured : output.lines().toList()) {
            String line = coloured.replaceAll("\u001b\\[[0-9;]*m", "").stripTrailing();
            int begin = line.indexOf(" : stopping ");
            String step = begin < 0 ? "" : line.substring(begin + 12);
            if (step.matches("\\S+: (drain|SIGTERM|SIGKILL|exited).*")) {
                steps.add(step.replaceAll("^(\\S+: \\w+).*", "$1"));
            }
        }
        return steps;
    }
}
