package dev.lepton.platform.up;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.lepton.client.rest.ProtocolJson;
import dev.lepton.platform.running.Checkout;
import dev.lepton.platform.running.LeptonProcesses;
import dev.lepton.platform.running.PlatformPorts;
import dev.lepton.platform.running.Signals;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The checked-in declaration, on ports of its own: each service and the supervisor get a cache. */
class AotCacheIT {

    private static final Duration LIMIT = Duration.ofMinutes(5);
    private static final String[] SERVICES = {
        "_supervisor", "gateway", "postgres", "registry", "worker"
    };

    private final PlatformPorts ports = PlatformPorts.free();

    @TempDir Path folder;

    private LeptonCommand lepton;
    private Path file;

    @BeforeEach
    void declare() throws IOException {
        assumeTrue(Boolean.getBoolean("lepton.full"), "trains for three minutes: runs with -Pfull");
        assumeTrue(Files.isReadable(Path.of("/proc/self/maps")), "reads what Linux says is mapped");
        folder = folder.toRealPath();
        lepton = new LeptonCommand(folder, ports);
        file = folder.resolve("lepton.yml");
        Files.writeString(
                file,
                Files.readString(Checkout.root().resolve("lepton.yml"))
                        .replace("8761", Integer.toString(ports.registry()))
                        .replace("8762", Integer.toString(ports.registryActuator()))
                        .replace("8080", Integer.toString(ports.gateway()))
                        .replace("8081", Integer.toString(ports.gatewayActuator())));
    }

    @AfterEach
    void leaveNothingBehind() throws Exception {
        if (lepton != null) {
            lepton.leaveNothingBehind();
            processesOfTraining().forEach(Signals::kill);
        }
    }

    @Test
    void everyServiceGetsACacheThatItsNextStartMapsAndOtherFlagsGetAnother() throws Exception {
        up();
        awaitCaches();
        assertThat(processesOfTraining()).isEmpty();
        assertThat(caches().resolve("training")).doesNotExist();
        assertThat(mapped(pid("worker-1"))).isEmpty();

        lepton.run("restart", "worker-1");
        await().atMost(LIMIT)
                .ignoreExceptions()
                .until(() -> mapped(pid("worker-1")), Set.of("worker")::equals);
        lepton.run("down");

        Set<Path> made = files();
        up();
        for (String unit : List.of("postgres", "registry", "gateway", "worker-2")) {
            assertThat(mapped(pid(unit))).as(unit).containsExactly(unit.replace("-2", ""));
        }
        assertThat(mapped(supervisorPid())).containsExactly("_supervisor");
        lepton.run("down");

        Files.writeString(file, Files.readString(file).replace("-Xmx128m", "-Xmx129m"));
        up();
        assertThat(mapped(pid("worker-1"))).isEmpty();
        assertThat(mapped(pid("gateway"))).containsExactly("gateway");
        await().atMost(LIMIT)
                .until(() -> files().size() == SERVICES.length && !files().equals(made));
        assertThat(lepton.run("down").exitCode()).isZero();
        assertThat(LeptonProcesses.of(lepton.home())).isEmpty();
    }

    private void up() throws Exception {
        LeptonCommand.Outcome up = lepton.run("up", "--detach", "--file", file.toString());
        assertThat(up.exitCode()).as(up.output()).isZero();
    }

    private void awaitCaches() {
        await().atMost(LIMIT)
                .untilAsserted(() ->
                        assertThat(files())
                                .extracting(cache -> service(cache.toString()))
                                .containsExactlyInAnyOrder(SERVICES));
        await().atMost(LIMIT).until(() -> !Files.exists(caches().resolve("training")));
    }

    private Path caches() {
        return lepton.home().resolve("aot");
    }

    private Set<Path> files() throws IOException {
        try (Stream<Path> all = Files.list(caches())) {
            return new TreeSet<>(all.filter(path -> path.toString().endsWith(".aot")).toList());
        }
    }

    private List<Long> processesOfTraining() {
        return LeptonProcesses.of(caches().resolve("training/home"));
    }

    /** The services whose caches a process has mapped. */
    private static Set<String> mapped(long pid) throws IOException {
        Set<String> services = new TreeSet<>();
        for (String line : Files.readAllLines(Path.of("/proc/" + pid + "/maps"))) {
            Arrays.stream(line.split(" "))
                    .filter(word -> word.endsWith(".aot"))
                    .forEach(path -> services.add(service(path)));
        }
        return services;
    }

    /** {@code /…/aot/worker-0123456789ab.aot} is of {@code worker}. */
    private static String service(String path) {
        String name = path.substring(path.lastIndexOf('/') + 1);
        return name.substring(0, name.lastIndexOf('-'));
    }

    private long pid(String unit) throws Exception {
        for (JsonNode each :
                json(lepton.run("units", "-o", "json").output()).get("units").values()) {
            if (each.get("id").asString().equals(unit)) {
                return each.get("pid").asLong();
            }
        }
        throw new AssertionError("no unit " + unit);
    }

    private long supervisorPid() throws IOException {
        return json(Files.readString(lepton.home().resolve("supervisor/supervisor.json")))
                .get("pid")
                .asLong();
    }

    private static JsonNode json(String text) {
        return ProtocolJson.lenient().readTree(text);
    }
}
