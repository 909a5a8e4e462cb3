package dev.lepton.platform.running;

import static org.awaitility.Awaitility.await;

import dev.lepton.client.unit.UnitState;
import dev.lepton.client.unit.UnitView;
import dev.lepton.platform.load.KeepAliveClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * PostgreSQL, a registry, a gateway, three workers and a file server under a supervisor, as
 * processes with ports of their own in a folder of their own. The gateway reaches the registry
 * through a proxy that a test can cut.
 */
public final class Platform implements AutoCloseable {

    private static final Duration START_LIMIT = Duration.ofSeconds(180);

    private record Units(List<UnitStatus> units) {}

    private record Budgets(List<BudgetedUnit> units) {}

    private record BudgetedUnit(String id, Budget budget) {}

    private record Budget(int intensity) {}

    private record RegisteredUnits(List<UnitView> units) {}

    /** What one part of the platform says of a unit. */
    private record Account(
            String unit, UnitState state, @Nullable Long incarnation, @Nullable String address) {}

    private final Path home;
    private final Path file;
    private final PlatformPorts ports = PlatformPorts.free();
    private final TcpProxy gatewayToRegistry;
    private final JsonHttp http;
    private Process supervisor;
    private boolean wanting;

    private Platform(Path home) {
        this.home = home;
        file = home.resolve("lepton.yml");
        http = new JsonHttp(home.resolve("token"));
        gatewayToRegistry = new TcpProxy(ports.proxy(), ports.registry());
        write(file, ports.declaration(module -> Checkout.jar(module).toString(), ports.proxy()));
        supervisor = startSupervisor();
    }

    /** Starts a platform and waits until three workers answer through the gateway. */
    public static Platform start() {
        try {
            Platform platform = new Platform(Files.createTempDirectory("lepton-platform-"));
            platform.awaitFirstReady();
            return platform;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One that does not come up is not left behind to slow down those after it. */
    private void awaitFirstReady() throws IOException {
        boolean ready = false;
        try {
            awaitReady();
            ready = true;
        } finally {
            if (!ready) {
                close();
            }
        }
    }

    private Process startSupervisor() {
        try {
            Path log = home.resolve("supervisor.log");
            ProcessBuilder command =
                    new ProcessBuilder(
                            Checkout.java().toString(),
                            "-Xmx192m",
                            "-XX:+UseSerialGC",
                            "-XX:TieredStopAtLevel=1",
                            "-jar",
                            Checkout.jar("supervisor-service").toString(),
                            "--lepton.file=" + file,
                            "--lepton.home=" + home,
                            "--server.port=" + ports.supervisor(),
                            "--management.server.port=" + ports.supervisorActuator());
            command.environment().keySet().removeIf(name -> name.startsWith("LEPTON_"));
            return command.redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public URI gateway() {
        return URI.create("http://127.0.0.1:" + ports.gateway());
    }

    public URI gatewayActuator() {
        return URI.create("http://127.0.0.1:" + ports.gatewayActuator());
    }

    public URI registry() {
        return URI.create("http://127.0.0.1:" + ports.registry());
    }

    public Path home() {
        return home;
    }

    /** A test has failed: its platform's logs, and those of its extra nodes, outlive it. */
    void keepLogs() {
        wanting = true;
    }

    /** What the registry has written down. */
    public Records records() {
        return new Records(http, registry());
    }

    public TcpProxy gatewayToRegistry() {
        return gatewayToRegistry;
    }

    public Process supervisor() {
        return supervisor;
    }

    /** What the supervisor says of all units. */
    public List<UnitStatus> units() throws IOException {
        return http.get(supervisorUri("/v1/units"), Units.class).units();
    }

    public UnitStatus unit(String id) throws IOException {
        return units().stream()
                .filter(u -> u.id().equals(id))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no unit " + id));
    }

    /** Asks the supervisor for {@code start}, {@code stop} or {@code restart} of a unit. */
    public void ask(String verb, String unit) throws IOException {
        http.send("POST", supervisorUri("/v1/units/" + unit + "/" + verb), null);
    }

    /** How many restarts within the short period the supervisor allows a unit now. */
    public int intensityOf(String unit) throws IOException {
        URI status =
                URI.create("http://127.0.0.1:" + ports.supervisorActuator() + "/actuator/lepton");
        return http.get(status, Budgets.class).units().stream()
                .filter(u -> u.id().equals(unit))
                .map(u -> u.budget().intensity())
                .findFirst()
                .orElseThrow();
    }

    /** Has a worker do itself harm, such as {@code hang}. */
    public void harm(String unit, String how) throws IOException {
        http.send("POST", URI.create(unit(unit).address() + "/chaos/" + how), null);
    }

    /** Calls the registry with a body. */
    public String call(String method, String path, @Nullable Object body) throws IOException {
        return http.send(method, registry().resolve(path), body);
    }

    /**
     * Whether the gateway sends the unit ordinary requests: it is in its table, and not left alone.
     */
    public boolean isRoutedTo(String unit) throws IOException {
        return routing().sendsTo(unit);
    }

    /** The same for one start of the unit alone. */
    public boolean isRoutedTo(String unit, long incarnation) throws IOException {
        return routing().units().stream()
                .filter(u -> u.id().equals(unit) && u.incarnation() == incarnation)
                .anyMatch(RoutingTable.Routed::takesRequests);
    }

    /**
     * How long it takes until supervisor, registry and gateway say the same of every worker, and
     * each has one process.
     */
    public Duration untilAgreement() {
        long from = System.nanoTime();
        awaitWithin(START_LIMIT, this::partsAgree);
        return Bounds.since(from);
    }

    private boolean partsAgree() throws IOException {
        Set<Account> supervisor =
                units().stream()
                        .filter(u -> u.service().equals("worker"))
                        .map(u -> new Account(u.id(), u.state(), u.incarnation(), u.address()))
                        .collect(Collectors.toSet());
        URI registered = registry().resolve("/v1/units?service=worker");
        Set<Account> registry =
                http.get(registered, RegisteredUnits.class).units().stream()
                        .map(u ->
                                new Account(
                                        u.unitId().value(),
                                        u.state(),
                                        u.incarnation(),
                                        u.address().toString()))
                        .collect(Collectors.toSet());
        Set<Account> gateway =
                routing().units().stream()
                        .filter(u -> u.id().startsWith("worker-"))
                        .map(u -> new Account(u.id(), u.state(), u.incarnation(), u.address()))
                        .collect(Collectors.toSet());
        return supervisor.equals(registry)
                && supervisor.equals(gateway)
                && supervisor.stream()
                        .allMatch(u -> LeptonProcesses.ofUnit(home, u.unit()).size() == 1);
    }

    public RoutingTable routing() {
        return new RoutingTable(http, gatewayActuator());
    }

    private URI supervisorUri(String path) {
        return URI.create("http://127.0.0.1:" + ports.supervisor() + path);
    }

    /** A client of the gateway; a request that takes longer than 30 s fails. */
    public KeepAliveClient client() {
        return new KeepAliveClient(gateway(), 30_000);
    }

    public void awaitReady() {
        awaitWithin(
                START_LIMIT,
                () -> {
                    List<UnitStatus> units = units();
                    return units.size() == 7
                            && units.stream().allMatch(u -> u.state() == UnitState.UP)
                            && workersAnswer();
                });
    }

    /** Waits until the condition holds; an exception means that it does not hold yet. */
    public void awaitWithin(Duration limit, Callable<Boolean> condition) {
        awaitWithin(limit, Duration.ofMillis(50), condition);
    }

    public void awaitWithin(Duration limit, Duration every, Callable<Boolean> condition) {
        try {
            await().atMost(limit)
                    .pollInterval(every)
                    .pollDelay(Duration.ZERO)
                    .ignoreExceptions()
                    .until(condition);
        } catch (org.awaitility.core.ConditionTimeoutException e) {
            keepLogs();
            throw new AssertionError(
                    "not within %s; the logs are in %s; the units:\n%s"
                            .formatted(limit, home, describe()),
                    e);
        }
    }

    private String describe() {
        try {
            return String.join("\n", units().stream().map(UnitStatus::toString).toList());
        } catch (IOException e) {
            return "the supervisor does not answer: " + e.getMessage();
        }
    }

    private boolean workersAnswer() throws IOException {
        try (KeepAliveClient client = client()) {
            return Stream.generate(() -> 0)
                            .limit(12)
                            .map(i -> answeredBy(client))
                            .distinct()
                            .count()
                    == 3;
        }
    }

    private static String answeredBy(KeepAliveClient client) {
        try {
            return client.get("/worker/hello").header("Lepton-Unit");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Kills the supervisor as the kernel's memory killer would, and starts it again on the same
     * folder.
     */
    public void killAndRestartSupervisor() throws InterruptedException {
        Signals.kill(supervisor.pid());
        supervisor.waitFor();
        supervisor = startSupervisor();
    }

    @Override
    public void close() throws IOException {
        supervisor.destroy();
        try {
            if (!supervisor.waitFor(90, TimeUnit.SECONDS)) {
                supervisor.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        gatewayToRegistry.close();
        List<Long> left = LeptonProcesses.of(home);
        left.forEach(Signals::kill);
        if (!left.isEmpty()) {
            throw new AssertionError("processes were left after an orderly stop: " + left);
        }
        if (!wanting) {
            Folders.delete(home);
        }
    }

    private static void write(Path file, String text) {
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
