package dev.lepton.platform.compose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lepton.platform.load.KeepAliveClient;
import dev.lepton.platform.load.LoadReport;
import dev.lepton.platform.load.MachinePressure;
import dev.lepton.platform.load.OpenLoop;
import dev.lepton.platform.running.Command;
import dev.lepton.platform.running.Fault;
import dev.lepton.platform.running.Signals;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** From nothing to a platform that loses no GET, whatever is done to its containers. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ComposeIT {

    private static final int PER_SECOND = 100;
    private static final int WARM_UP = 2_000;
    private static final int TRIALS = 3;
    private static final double TOLERATED_LAG_MILLIS = 50;
    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final Duration BEFORE = Duration.ofSeconds(3);
    private static final Duration AFTER = Duration.ofSeconds(3);
    private static final List<String> SERVICES =
            List.of("postgres", "registry", "gateway", "worker-1", "worker-2", "worker-3");

    private static ComposeProject project;

    @BeforeAll
    static void copyTheCheckout(@TempDir Path folder) throws IOException {
        Docker.isRequired();
        project = ComposeProject.copyInto(folder.toRealPath().resolve("lepton"));
    }

    @AfterAll
    static void removeEverything() {
        if (project != null) {
            project.close();
        }
    }

    @Test
    @Order(1)
    void withoutSecretsUpSaysWhatToDo() {
        Command.Outcome up = project.compose("up", "-d");

        assertThat(up.exitCode()).isNotZero();
        assertThat(up.output()).contains("run './lepton init-compose' first");
    }

    @Test
    @Order(2)
    void theFileIsAcceptedByComposeOnceThereAreSecrets() {
        assertThat(project.initCompose(Map.of()).succeeded())
                .contains("docker-compose up -d --build");

        project.compose("config", "-q").succeeded();
    }

    @Test
    @Order(3)
    void thePlatformComesUpFromNothingAndServes() throws IOException {
        Duration built = project.build();
        long from = System.nanoTime();
        project.compose("up", "-d").succeeded();
        project.awaitHealthy(SERVICES.toArray(String[]::new));
        System.out.printf(
                "images built in %d s, all healthy %d s after up%n",
                built.toSeconds(), (System.nanoTime() - from) / 1_000_000_000);

        Set<String> answered = new TreeSet<>();
        try (KeepAliveClient gateway = project.gateway()) {
            for (int i = 0; i < 30; i++) {
                answered.add(gateway.get("/worker/hello").header("Lepton-Unit"));
            }
        }
        assertThat(answered).containsExactly("worker-1", "worker-2", "worker-3");
    }

    @Test
    @Order(4)
    void everyContainerIsLockedUpAndHoldsNoSecret() throws IOException {
        String token = project.secret("lepton-token");
        String password = project.secret("postgres-password");
        for (String service : SERVICES) {
            JsonNode container = project.inspect(project.container(service));
            JsonNode host = container.get("HostConfig");
            assertThat(container.at("/Config/User").asString())
                    .as(service)
                    .isNotIn("", "0", "root", "0:0");
            assertThat(host.get("ReadonlyRootfs").asBoolean()).as(service).isTrue();
            assertThat(host.get("Memory").asLong()).as(service).isPositive();
            assertThat(host.get("NanoCpus").asLong()).as(service).isPositive();
            assertThat(host.get("PidsLimit").asLong()).as(service).isPositive();
            assertThat(host.get("CapDrop").toString()).as(service).contains("ALL");
            assertThat(host.get("SecurityOpt").toString()).contains("no-new-privileges");
            assertThat(container.toString()).as(service).doesNotContain(token, password);
            String image = container.get("Image").asString();
            assertThat(project.inspect(image).toString()).doesNotContain(token, password);
            assertThat(project.docker("history", "--no-trunc", image).succeeded())
                    .doesNotContain(token, password);
            assertThat(
                            project.docker(
                                            "run",
                                            "--rm",
                                            "--network=none",
                                            "--user=0",
                                            "--entrypoint=sh",
                                            image,
                                            "-c",
                                            "grep -rlF -e \"$0\" -e \"$1\" /app /etc /home /opt/java/release /root /run /srv /tmp /var/lib 2>/dev/null; true",
                                            token,
                                            password)
                                    .succeeded())
                    .as("files of " + service + " that hold a secret")
                    .isBlank();
        }
    }

    @Test
    @Order(5)
    void onlyTheGatewayIsPublishedAndActuatorsAreAskedFromWithin() {
        for (String service : SERVICES) {
            JsonNode ports =
                    project.inspect(project.container(service)).at("/HostConfig/PortBindings");
            assertThat(ports.isEmpty()).as(service).isEqualTo(!service.equals("gateway"));
        }
        assertThat(
                        project.compose(
                                        "exec",
                                        "-T",
                                        "registry",
                                        "./ask",
                                        "http://127.0.0.1:8762/actuator/lepton")
                                .succeeded())
                .contains("\"epoch\"");
        assertThat(
                        project.compose(
                                        "exec",
                                        "-T",
                                        "gateway",
                                        "./ask",
                                        "http://127.0.0.1:8081/actuator/prometheus")
                                .succeeded())
                .contains("jvm_memory_used_bytes");
    }

    @Test
    @Order(6)
    void everyServiceMapsItsAotCacheAndTheGatewayHasItsNativeTransport() {
        for (String service : List.of("registry", "gateway", "worker-1")) {
            assertThat(
                            project.compose(
                                            "exec",
                                            "-T",
                                            service,
                                            "sh",
                                            "-c",
                                            "cat /proc/[0-9]*/maps 2>/dev/null | grep -c app.aot")
                                    .succeeded())
                    .as(service)
                    .doesNotStartWith("0");
        }
        assertThat(
                        project.compose(
                                        "exec",
                                        "-T",
                                        "gateway",
                                        "sh",
                                        "-c",
                                        "cat /proc/[0-9]*/maps 2>/dev/null | grep -c native_epoll")
                                .succeeded())
                .doesNotStartWith("0");
    }

    @Test
    @Order(7)
    void aWorkerWhoseProcessIsKilledFromTheHostCostsNoRequest() throws Exception {
        warmUp();
        lossless(
                "a worker's process killed from the host",
                () -> {
                    Signals.kill(javaOf("worker-1"));
                    awaitServing("worker-1");
                });
    }

    @Test
    @Order(8)
    void aWorkerThatIsStoppedCostsNoRequest() throws Exception {
        lossless(
                "docker-compose stop of a worker",
                () -> {
                    String container = project.container("worker-3");
                    project.compose("stop", "worker-3").succeeded();
                    assertThat(project.inspect(container).at("/State/ExitCode").asInt())
                            .as("ended in order by SIGTERM, within its grace period")
                            .isEqualTo(143);
                    project.compose("start", "worker-3").succeeded();
                    awaitServing("worker-3");
                });
    }

    @Test
    @Order(9)
    void aWorkerThatIsUpgradedCostsNoRequest() throws Exception {
        AtomicInteger version = new AtomicInteger(1);
        lossless(
                "upgrade of a worker",
                () -> {
                    project.compose(
                                    "build",
                                    "--build-arg",
                                    "LEPTON_UNIT_VERSION=" + version.incrementAndGet(),
                                    "worker-2")
                            .succeeded();
                    project.compose("up", "-d", "--no-deps", "worker-2").succeeded();
                    awaitServing("worker-2");
                });

        String upgraded = "\"version\":\"%d\"".formatted(version.get());
        await().atMost(LIMIT).until(() -> hello("worker-2").contains(upgraded));
        assertThat(hello("worker-1")).doesNotContain(upgraded);
    }

    @Test
    @Order(10)
    void aRestartOfPostgresAndThenOfTheRegistryCostsNoRequest() throws Exception {
        lossless(
                "restart of postgres",
                () -> {
                    project.compose("restart", "postgres").succeeded();
                    project.awaitHealthy("postgres", "registry");
                });
        lossless(
                "restart of the registry",
                () -> {
                    project.compose("restart", "registry").succeeded();
                    project.awaitHealthy("registry");
                });
    }

    @Test
    @Order(11)
    void moreWorkersAreAddedByScaling() throws Exception {
        project.compose(
                        "--profile",
                        "more",
                        "up",
                        "-d",
                        "--no-deps",
                        "--build",
                        "--scale",
                        "worker-more=2",
                        "worker-more")
                .succeeded();

        Set<String> answered = new TreeSet<>();
        try (KeepAliveClient gateway = project.gateway()) {
            await().atMost(LIMIT)
                    .ignoreExceptions()
                    .until(() -> {
                        answered.add(gateway.get("/worker/hello").header("Lepton-Unit"));
                        return answered.size() == 5;
                    });
        }
        project.compose("--profile", "more", "rm", "-s", "-f", "worker-more").succeeded();
    }

    @Test
    @Order(12)
    void anEmptySecretAPortInUseAndAMissingEngineAreTold() throws IOException {
        Path secrets = Files.createDirectory(project.folder().resolve("empty"));
        for (String secret : List.of("lepton-token", "postgres-password")) {
            Files.setPosixFilePermissions(
                    Files.createFile(secrets.resolve(secret)),
                    PosixFilePermissions.fromString("r--r--r--"));
        }
        Map<String, String> empty =
                Map.of("LEPTON_SECRETS", "./empty", "COMPOSE_PROJECT_NAME", "lepton-empty");

        Command.Outcome registry =
                project.composeWith(empty, "run", "--rm", "--no-deps", "-T", "registry");
        Command.Outcome postgres =
                project.composeWith(empty, "run", "--rm", "--no-deps", "-T", "postgres");
        project.composeWith(empty, "down", "-v");
        assertThat(registry.exitCode()).as(registry.output()).isNotZero();
        assertThat(registry.output())
                .contains("APPLICATION FAILED TO START", "lepton-token", "at least 16 characters")
                .doesNotContain("\tat ");
        assertThat(postgres.exitCode()).as(postgres.output()).isNotZero();
        assertThat(postgres.output()).contains("superuser password is not specified");

        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String port = Integer.toString(taken.getLocalPort());
            Map<String, String> other = Map.of("LEPTON_GATEWAY_PORT", port);
            Command.Outcome up = project.composeWith(other, "up", "-d", "--no-deps", "gateway");
            assertThat(up.exitCode()).isNotZero();
            assertThat(up.output()).contains(port).contains("in use");
        }
        project.compose("up", "-d", "--no-deps", "gateway").succeeded();

        // What Compose says itself differs between its releases.
        Map<String, String> none = Map.of("DOCKER_HOST", "unix:///nonexistent/docker.sock");
        assertThat(project.composeWith(none, "ps").exitCode()).isNotZero();
        assertThat(project.initCompose(none).succeeded()).contains("no Docker engine answers");
    }

    @Nested
    class Supervised extends SupervisedProfile {

        @Override
        ComposeProject running() {
            return project;
        }
    }

    /** A gateway that nobody has asked yet compiles itself, with the one processor that it has. */
    private static void warmUp() throws IOException {
        try (KeepAliveClient gateway = project.gateway()) {
            for (int i = 0; i < WARM_UP; i++) {
                hello(gateway);
            }
        }
    }

    /** What failed while the generator itself was late says nothing, and is done again. */
    private static void lossless(String name, Fault fault) throws Exception {
        LoadReport report = underLoad(name, fault);
        for (int again = 1; again < TRIALS && isInvalid(report); again++) {
            System.out.println("  this trial is invalid: the generator was late");
            report = underLoad(name, fault);
        }
        assertThat(report.failures()).as("failed requests").isEmpty();
    }

    private static boolean isInvalid(LoadReport report) {
        return !report.failures().isEmpty() && report.lagMillis(0.99) > TOLERATED_LAG_MILLIS;
    }

    private static LoadReport underLoad(String name, Fault fault) throws Exception {
        project.awaitHealthy(SERVICES.toArray(String[]::new));
        MachinePressure before = MachinePressure.now();
        try (KeepAliveClient gateway = project.gateway();
                OpenLoop load = OpenLoop.start(PER_SECOND, () -> hello(gateway))) {
            pause(BEFORE);
            fault.happen();
            pause(AFTER);
            LoadReport report = load.stop();
            System.out.println(name + ": " + report);
            System.out.println("  the machine: " + MachinePressure.now().since(before));
            return report;
        }
    }

    private static String hello(KeepAliveClient gateway) throws IOException {
        return gateway.get("/worker/hello").ok().header("Lepton-Unit");
    }

    /** The greeting of one unit. */
    private static String hello(String unit) throws IOException {
        try (KeepAliveClient gateway = project.gateway()) {
            for (int i = 0; i < 60; i++) {
                KeepAliveClient.Answer answer = gateway.get("/worker/hello");
                if (answer.header("Lepton-Unit").equals(unit)) {
                    return answer.text();
                }
            }
        }
        return "";
    }

    private static void awaitServing(String unit) {
        await().atMost(LIMIT)
                .ignoreExceptions()
                .until(() -> {
                    project.awaitHealthy(unit);
                    return !hello(unit).isEmpty();
                });
    }

    /** The container's first process is its init; the service is that one's only child. */
    private static long javaOf(String service) throws IOException {
        String init = project.inspect(project.container(service)).at("/State/Pid").asString();
        String children = Files.readString(Path.of("/proc", init, "task", init, "children"));
        return Long.parseLong(children.strip().split(" ")[0]);
    }

    /** The length of a measurement, not a wait for anything. */
    private static void pause(Duration length) {
        long end = System.nanoTime() + length.toNanos();
        for (long left = length.toNanos(); left > 0; left = end - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }
}
