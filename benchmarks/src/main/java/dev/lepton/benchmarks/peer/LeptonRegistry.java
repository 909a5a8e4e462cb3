package dev.lepton.benchmarks.peer;

import dev.lepton.benchmarks.process.Stage;
import dev.lepton.benchmarks.process.StartedProcess;
import dev.lepton.benchmarks.process.Usage;
import dev.lepton.client.rest.BearerToken;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A registry with a PostgreSQL of its own, in a new home.
 *
 * @param url without a path
 * @param actuator likewise, of its actuator
 */
public record LeptonRegistry(
        StartedProcess process, URI url, URI actuator, Path home, BearerToken token) {

    private static final String RESIDENT = "VmRSS:";

    /**
     * @param name of its log and of its home in the stage's folder
     * @param settings as arguments, such as {@code --lepton.lease.duration=1m}
     */
    public static LeptonRegistry start(
            Setup setup, String name, List<String> jvmOptions, List<String> settings)
            throws IOException, InterruptedException {
        Path home = setup.stage().folder().resolve(name + "-home");
        int port = Stage.freePort();
        int actuator = Stage.freePort();
        List<String> command =
                new ArrayList<>(
                        Setup.java(
                                jvmOptions,
                                setup.jar("registry-service"),
                                "--server.port=" + port,
                                "--management.server.port=" + actuator,
                                "--lepton.home=" + home));
        command.addAll(settings);
        StartedProcess process = setup.stage().start(name, command);
        process.awaitOk(RunningPeer.loopback(actuator, "/actuator/health/readiness"));
        return new LeptonRegistry(
                process,
                RunningPeer.loopback(port, ""),
                RunningPeer.loopback(actuator, ""),
                home,
                BearerToken.read(home.resolve("token")));
    }

    /** Of the registry's own process. */
    public Usage usage() throws IOException {
        return Usage.of(List.of(process.handle().pid()));
    }

    /** Memory of the registry's own process. */
    public long residentBytes() throws IOException {
        Path status = Path.of("/proc/" + process.handle().pid() + "/status");
        return Files.readAllLines(status).stream()
                .filter(line -> line.startsWith(RESIDENT))
                .mapToLong(line ->
                        1024
                                * Long.parseLong(
                                        line.substring(RESIDENT.length()).strip().split(" ")[0]))
                .findFirst()
                .orElseThrow(() -> new IOException("no memory is named in " + status));
    }

    /** Of PostgreSQL, all of its processes. */
    public Usage databaseUsage() throws IOException {
        Path file = home.resolve("postgres/data/postmaster.pid");
        long postmaster = Long.parseLong(Files.readAllLines(file).getFirst().strip());
        return Usage.ofTree(
                ProcessHandle.of(postmaster)
                        .orElseThrow(() -> new IOException("no process has the pid in " + file)));
    }
}
