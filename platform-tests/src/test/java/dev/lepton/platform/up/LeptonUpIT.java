package dev.lepton.platform.up;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lepton.client.rest.ProtocolJson;
import dev.lepton.platform.load.KeepAliveClient;
import dev.lepton.platform.running.Bounds;
import dev.lepton.platform.running.LeptonProcesses;
import dev.lepton.platform.running.PlatformPorts;
import dev.lepton.platform.running.Signals;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

@Tag("alone")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class LeptonUpIT {

    private static final Duration LIMIT = Duration.ofSeconds(180);

    private static final PlatformPorts PORTS = PlatformPorts.free();
    private static LeptonCommand lepton;
    private static Path file;

    @BeforeAll
    static void declareThePlatform(@TempDir Path folder) throws IOException {
        lepton = new LeptonCommand(folder.toRealPath(), PORTS);
        file = folder.resolve("lepton.yml");
        Files.writeString(
                file,
                PORTS.declaration(
                        module -> "${home}/app/" + module + "/" + module + ".jar",
                        PORTS.registry()));
    }

    @AfterAll
    static void leaveNothingBehind() throws Exception {
        lepton.leaveNothingBehind();
    }

    @Test
    @Order(1)
    void upServesThreeWorkersAndEndsInOrderOnInterrupt(@TempDir Path folder) throws Exception {
        Path output = folder.resolve("up.txt");
        long from = System.nanoTime();
        Process up = lepton.start(output, "up", "--file", file.toString());

        await().atMost(LIMIT)
                .until(() -> {
                    assertThat(up.isAlive()).as(Files.readString(output)).isTrue();
                    return Files.readString(output)
                            .contains(
                                    "Try it:  curl http://127.0.0.1:%d/worker/hello"
                                            .formatted(PORTS.gateway()));
                });
        Bounds.holds(
                "./lepton up, first start, until ready",
                Bounds.since(from),
                Duration.ofSeconds(90));
        String printed = Files.readString(output);
        Set<String> answered = unitsThatAnswer(30);
        Signals.interrupt(up.pid());
        boolean ended = up.waitFor(120, TimeUnit.SECONDS);

        assertThat(printed)
                .contains("postgres", "registry", "gateway", "worker-1", "worker-2", "worker-3");
        assertThat(answered).containsExactly("worker-1", "worker-2", "worker-3");
        assertThat(ended).as(Files.readString(output)).isTrue();
        assertThat(LeptonProcesses.of(lepton.home())).isEmpty();
    }

    @Test
    @Order(2)
    void aDetachedPlatformIsOperatedFromTheCommandLine() throws Exception {
        long from = System.nanoTime();
        LeptonCommand.Outcome up = lepton.run("up", "--detach", "--file", file.toString());
        Bounds.holds(
                "./lepton up, second start, until ready",
                Bounds.since(from),
                Duration.ofSeconds(45));
        assertThat(up.exitCode()).as(up.output()).isZero();
        LeptonCommand.Outcome again = lepton.run("up", "--detach", "--file", file.toString());
        JsonNode before = unit("worker-1");
        LeptonCommand.Outcome restart = lepton.run("restart", "worker-1");
        awaitNewProcess("worker-1", before.get("pid").asLong());
        LeptonCommand.Outcome logs = lepton.run("logs", "worker-1");
        LeptonCommand.Outcome drain = lepton.run("drain", "worker-2");
        await().atMost(LIMIT)
                .until(() -> unit("worker-2").get("state").asString().equals("DRAINING"));
        LeptonCommand.Outcome unknown = lepton.run("restart", "worker-9");
        LeptonCommand.Outcome down = lepton.run("down");

        assertThat(again.exitCode()).as(again.output()).isEqualTo(75);
        assertThat(before.propertyNames())
                .contains("id", "service", "state", "address", "pid", "incarnation");
        assertThat(restart.exitCode()).as(restart.output()).isZero();
        assertThat(logs.output()).contains("SampleWorkerApplication");
        assertThat(drain.exitCode()).as(drain.output()).isZero();
        assertThat(unknown.exitCode()).as(unknown.output()).isNotZero();
        assertThat(unknown.output()).contains("worker-9");
        assertThat(down.exitCode()).as(down.output()).isZero();
        assertThat(LeptonProcesses.of(lepton.home())).isEmpty();

        LeptonCommand.Outcome purge = lepton.run("down", "--purge");

        assertThat(purge.exitCode()).as(purge.output()).isZero();
        assertThat(LeptonProcesses.of(lepton.home())).isEmpty();
        assertThat(lepton.home()).doesNotExist();
    }

    private Set<String> unitsThatAnswer(int calls) throws IOException {
        Set<String> units = new TreeSet<>();
        try (KeepAliveClient client =
                new KeepAliveClient(URI.create("http://127.0.0.1:" + PORTS.gateway()), 5_000)) {
            for (int i = 0; i < calls; i++) {
                units.add(client.get("/worker/hello").header("Lepton-Unit"));
            }
        }
        return units;
    }

    private JsonNode unit(String id) throws IOException, InterruptedException {
        LeptonCommand.Outcome units = lepton.run("units", "-o", "json");
        for (JsonNode unit :
                ProtocolJson.lenient().readTree(units.output()).get("units").values()) {
            if (unit.get("id").asString().equals(id)) {
                return unit;
            }
        }
        throw new AssertionError("no unit " + id + " in " + units.output());
    }

    private void awaitNewProcess(String id, long oldPid) {
        await().atMost(LIMIT)
                .ignoreExceptions()
                .until(() -> {
                    JsonNode unit = unit(id);
                    return unit.get("pid").asLong() != oldPid
                            && unit.get("state").asString().equals("UP");
                });
    }
}
