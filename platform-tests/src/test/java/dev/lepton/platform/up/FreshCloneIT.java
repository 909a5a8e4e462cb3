package dev.lepton.platform.up;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.lepton.client.rest.ProtocolJson;
import dev.lepton.platform.load.KeepAliveClient;
import dev.lepton.platform.running.Checkout;
import dev.lepton.platform.running.Command;
import dev.lepton.platform.running.LeptonProcesses;
import dev.lepton.platform.running.Signals;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * What a newcomer does: clones, runs the README's command on the checked-in {@code lepton.yml}, and
 * kills a worker with the README's own lines. Uses the usual ports, so it runs where it must
 * ({@code lepton.full}) and nowhere else.
 */
class FreshCloneIT {

    private static final List<Integer> PORTS = List.of(8080, 8081, 8090, 8091, 8761, 8762);
    private static final Duration LIMIT = Duration.ofMinutes(1);
    private static final Duration BUILD_LIMIT = Duration.ofMinutes(9);

    @TempDir Path folder;

    private Path clone;

    @BeforeEach
    void cloneTheCheckout() throws Exception {
        assumeTrue(
                Boolean.getBoolean("lepton.full"),
                "builds Lepton anew and needs its usual ports: runs with -Pfull");
        assertThat(PORTS.stream().filter(FreshCloneIT::taken)).as("ports in use").isEmpty();
        clone = folder.toRealPath().resolve("lepton");
        run(folder, LIMIT, "git", "clone", "-q", Checkout.root().toString(), clone.toString());
    }

    @AfterEach
    void leaveNothingBehind() {
        if (clone != null) {
            if (Files.exists(clone.resolve(".lepton/supervisor"))) {
                // It would start again what is killed.
                Command.run(clone, Map.of(), LIMIT.multipliedBy(2), List.of("./lepton", "down"));
            }
            LeptonProcesses.of(clone.resolve(".lepton")).forEach(Signals::kill);
        }
    }

    @Test
    void theReadmesCommandServesAndItsKilledWorkerComesBack() throws Exception {
        String printed = run(clone, BUILD_LIMIT, "./lepton", "up", "--detach");
        JsonNode before = units();

        Set<String> answered = new TreeSet<>();
        try (KeepAliveClient gateway =
                new KeepAliveClient(URI.create("http://127.0.0.1:8080"), 5_000)) {
            for (int i = 0; i < 30; i++) {
                answered.add(gateway.get("/worker/hello").header("Lepton-Unit"));
            }
        }
        String lines = run(clone, LIMIT, "bash", "-e", "-c", readmeLines());
        String again = run(clone, LIMIT, "./lepton", "units");
        run(clone, LIMIT.multipliedBy(2), "./lepton", "down", "--purge");

        assertThat(printed).contains("Try it:  curl http://127.0.0.1:8080/worker/hello");
        assertThat(before.get("units")).hasSize(6);
        assertThat(answered).containsExactly("worker-1", "worker-2", "worker-3");
        assertThat(lines.lines().filter(line -> line.contains("\"unit\""))).hasSize(6);
        assertThat(again).contains("worker-2");
        assertThat(clone.resolve(".lepton")).doesNotExist();
        assertThat(LeptonProcesses.of(clone.resolve(".lepton"))).isEmpty();
        System.out.println(printed.lines().filter(l -> l.startsWith("Built in")).toList());
    }

    /** The three lines to paste, as the README shows them. */
    private String readmeLines() throws IOException {
        String readme = Files.readString(clone.resolve("README.md"));
        int at = readme.indexOf("**Kill a worker and watch it come back**");
        int from = readme.indexOf("```\n", at) + 4;
        String lines = readme.substring(from, readme.indexOf("```", from));
        assertThat(lines.lines()).hasSize(3).first().asString().startsWith("kill -9 ");
        return lines;
    }

    private JsonNode units() throws Exception {
        return ProtocolJson.lenient()
                .readTree(run(clone, LIMIT, "./lepton", "units", "-o", "json"));
    }

    private static boolean taken(int port) {
        try (ServerSocket _ = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return false;
        } catch (IOException e) {
            return true;
        }
    }

    private static String run(Path where, Duration limit, String... command) {
        return Command.run(where, Map.of(), limit, List.of(command)).succeeded();
    }
}
