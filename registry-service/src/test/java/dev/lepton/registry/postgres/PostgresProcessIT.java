package dev.lepton.registry.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lepton.registry.support.Required;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PostgresProcessIT {

    @TempDir Path folder;
    private Path home;

    @BeforeEach
    void makeHome() throws IOException {
        home = Homes.usedIn(folder);
    }

    @Test
    void theServerOfAKilledProcessIsAdopted() throws Exception {
        long postmaster;
        try (ServerProcess process = healthy()) {
            postmaster = Homes.postmasterPid(home);
            process.process().destroyForcibly().waitFor();
        }

        try (PostgresServer server = PostgresServer.start(home, System::nanoTime)) {
            assertThat(Homes.postmasterPid(home)).isEqualTo(postmaster);
            assertThat(server.trouble()).isNull();
        }
        // It has ended; who its parent is now decides when it is reaped.
        assertThat(ProcessHandle.of(postmaster).map(Postmaster::found)).isEmpty();
    }

    @Test
    void anAdoptedServerIsWatchedToo() throws Exception {
        try (ServerProcess process = healthy()) {
            process.process().destroyForcibly().waitFor();
        }

        try (PostgresServer server = PostgresServer.start(home, System::nanoTime)) {
            long adopted = Homes.postmasterPid(home);
            ProcessHandle.of(adopted).orElseThrow().destroyForcibly();
            await().atMost(Duration.ofSeconds(30))
                    .untilAsserted(() -> {
                        assertThat(server.trouble()).isNull();
                        assertThat(Homes.postmasterPid(home)).isNotEqualTo(adopted);
                    });
        }
    }

    @Test
    void aServerOfAKilledProcessThatHangsIsReplaced() throws Exception {
        long postmaster;
        try (ServerProcess process = healthy()) {
            postmaster = Homes.postmasterPid(home);
            process.process().destroyForcibly().waitFor();
        }
        new ProcessBuilder("kill", "-STOP", Long.toString(postmaster)).start().waitFor();

        try (PostgresServer server = PostgresServer.start(home, System::nanoTime)) {
            assertThat(server.trouble()).isNull();
            assertThat(Homes.postmasterPid(home)).isNotEqualTo(postmaster);
        }
    }

    @Test
    void healthFollowsTheServerAndTheServerIsRestarted() throws Exception {
        try (ServerProcess process = healthy()) {
            long killed = Homes.postmasterPid(home);
            ProcessHandle.of(killed).orElseThrow().destroyForcibly();

            await().atMost(Duration.ofSeconds(30))
                    .untilAsserted(() -> {
                        assertThat(Homes.postmasterPid(home)).isNotEqualTo(killed);
                        assertThat(process.health()).isEqualTo(200);
                    });
        }
    }

    @Test
    void anOrderedStopEndsTheServerWithExitCodeZero() throws Exception {
        long postmaster;
        try (ServerProcess process = healthy()) {
            postmaster = Homes.postmasterPid(home);
            process.process().destroy();

            assertThat(process.exitCode()).isZero();
        }
        assertThat(ProcessHandle.of(postmaster)).isEmpty();
    }

    @Test
    void aHealthPortThatIsTakenMakesItFailAndStopsTheServer() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                ServerProcess process = ServerProcess.start(home, taken.getLocalPort())) {
            assertThat(process.exitCode()).isEqualTo(1);
            assertThat(process.output()).contains("cannot serve /health on 127.0.0.1");
        }
        assertThat(Homes.file(home, "data/postmaster.pid")).doesNotExist();
    }

    @Test
    void aStopWhileTheServerComesUpLeavesNoServerBehind() throws Exception {
        try (ServerProcess process = ServerProcess.start(home, freePort())) {
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> Files.exists(Homes.file(home, "log/start.log")));
            process.process().destroy();

            assertThat(process.exitCode()).isZero();
        }
        assertThat(Homes.file(home, "data/postmaster.pid")).doesNotExist();
    }

    @Test
    void aSecondProcessOfTheSameHomeExitsWith75() throws Exception {
        try (ServerProcess first = healthy();
                ServerProcess second = ServerProcess.start(home, freePort())) {
            assertThat(second.exitCode()).isEqualTo(75);
            assertThat(second.output())
                    .contains("is run by another process (process " + first.process().pid());
            assertThat(first.health()).isEqualTo(200);
        }
    }

    @Test
    void aWrongPortExitsWith78() throws Exception {
        try (ServerProcess process = ServerProcess.start(home, Map.of("LEPTON_PORT", "80a"))) {
            assertThat(process.exitCode()).isEqualTo(78);
            assertThat(process.output()).contains("LEPTON_PORT must be a port from 1 to 65535");
        }
    }

    @Test
    void rootWithoutUserNamespacesRunsItAsNobody() throws Exception {
        Required.that(isRoot(), "needs root");
        // Programs of its own: those of the other tests lie where nobody may not reach them.
        home = Files.createTempDirectory("lepton-home");
        Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("rwx------"));

        try (ServerProcess process = start(Map.of("PATH", failing("unshare")))) {
            awaitHealth(process);
            long postmaster = Homes.postmasterPid(home);

            assertThat(Files.getAttribute(Path.of("/proc/" + postmaster), "unix:uid"))
                    .isEqualTo(65534);
            process.process().destroyForcibly().waitFor();
            try (ServerProcess next = start(Map.of("PATH", failing("unshare")))) {
                awaitHealth(next);
                assertThat(Homes.postmasterPid(home)).isEqualTo(postmaster);
            }
        }
        // And with user namespaces again, when the files are nobody's.
        try (ServerProcess process = healthy()) {
            assertThat(process.health()).isEqualTo(200);
        }
        Folders.delete(home);
    }

    @Test
    void rootWithoutAnyWayDownIsRefused() throws Exception {
        Required.that(isRoot(), "needs root");

        try (ServerProcess process = start(Map.of("PATH", failing("unshare", "setpriv")))) {
            assertThat(process.exitCode()).isEqualTo(78);
            assertThat(process.output())
                    .contains("PostgreSQL does not run as root")
                    .contains("spring.datasource.url");
        }
    }

    @Test
    void aHomeThatNobodyCanReachIsRefused() throws Exception {
        Required.that(isRoot(), "needs root");
        Path closed = Files.createTempDirectory("lepton-closed");
        home = Files.createDirectories(closed.resolve("home"));

        try (ServerProcess process = start(Map.of("PATH", failing("unshare")))) {
            assertThat(process.exitCode()).isEqualTo(78);
            assertThat(process.output()).contains("cannot pass through " + closed.toRealPath());
        }
        Folders.delete(closed);
    }

    private ServerProcess healthy() throws IOException {
        ServerProcess process = ServerProcess.start(home, freePort());
        awaitHealth(process);
        return process;
    }

    private ServerProcess start(Map<String, String> environment) throws IOException {
        Map<String, String> all = new java.util.HashMap<>(environment);
        all.put("LEPTON_PORT", Integer.toString(freePort()));
        return ServerProcess.start(home, all);
    }

    private static void awaitHealth(ServerProcess process) {
        await().atMost(Duration.ofSeconds(60))
                .until(() -> !process.process().isAlive() || process.health() == 200);
        assertThat(process.process().isAlive())
                .as(() -> "the process runs, which printed:\n" + outputOf(process))
                .isTrue();
    }

    private static String outputOf(ServerProcess process) {
        try {
            return process.output();
        } catch (IOException e) {
            return e.toString();
        }
    }

    /** A PATH on which commands come first that only fail. */
    private String failing(String... commands) throws IOException {
        Path bin = Files.createDirectories(folder.resolve("failing-bin"));
        for (String command : commands) {
            Path script = bin.resolve(command);
            Files.writeString(
                    script, "#!/bin/sh\necho \"" + command + ": not permitted\" >&2\nexit 1\n");
            Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
        return bin + ":" + System.getenv("PATH");
    }

    private static boolean isRoot() throws IOException {
        return Files.exists(Path.of("/proc/self"))
                && Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
