package dev.lepton.platform.running;

import dev.lepton.client.desired.DesiredWish;
import dev.lepton.client.rest.BearerToken;
import dev.lepton.client.unit.NodeName;
import dev.lepton.client.unit.ServiceName;
import dev.lepton.client.unit.UnitView;
import dev.lepton.client.watch.FleetListener;
import dev.lepton.client.watch.UnitWatch;
import dev.lepton.platform.load.KeepAliveClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/**
 * PostgreSQL, a registry and a gateway on this machine, and two machines beside it, whose
 * supervisors and units reach the registry over the network, and are reached so.
 */
public final class TwoMachines implements AutoCloseable {

    public static final Duration LIMIT = Duration.ofSeconds(180);

    private final Machines machines;
    private final PlatformPorts ports = PlatformPorts.free();
    private final Path folder;
    private final JsonHttp http;
    private final ExtraNode control;
    private final Machine machineA;
    private final Machine machineB;
    private final ExtraNode nodeA;
    private final ExtraNode nodeB;
    private boolean logsAreWanted;

    /**
     * @param declarationOfA what the node on the first machine declares, without its address
     */
    public TwoMachines(Machines machines, String declarationOfA, String declarationOfB) {
        this.machines = machines;
        machineA = machines.add();
        machineB = machines.add();
        try {
            folder = Files.createTempDirectory("lepton-machines-");
            Files.createFile(
                    token(),
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString("rw-------")));
            Files.writeString(token(), UUID.randomUUID() + "-" + UUID.randomUUID());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        http = new JsonHttp(token());
        control = new ExtraNode(folder, registry(), "control", declaration(), List.of());
        nodeA = node("node-a", machineA, declarationOfA);
        nodeB = node("node-b", machineB, declarationOfB);
    }

    private ExtraNode node(String name, Machine machine, String declaration) {
        return new ExtraNode(
                folder, registry(), name, machine.declares(declaration), machine.within());
    }

    private Path token() {
        return folder.resolve("token");
    }

    /** The registry answers on the network; PostgreSQL and the gateway on loopback. */
    private String declaration() {
        return """
        services:
          postgres:
            command: ["${java}", -Xmx64m, -XX:+UseSerialGC, -XX:TieredStopAtLevel=1, -jar, "%1$s", postgres]
            beater: none
            probe: { path: /health }
            start: { deadline: 6m }
          registry:
            jar: %1$s
            java-options: [-Xmx256m, -XX:+UseSerialGC, -XX:TieredStopAtLevel=1]
            port: %2$d
            management-port: %3$d
            beater: none
            probe: { path: /actuator/health/readiness, port: management }
            depends-on: [postgres]
            env:
              SERVER_ADDRESS: "%4$s"
              LEPTON_POSTGRES_START: "false"
              LEPTON_NODE_LOST_AFTER: "%5$s"
              LEPTON_SILENCE_HOLD: "%5$s"
          gateway:
            jar: %6$s
            java-options: [-Xmx256m, -XX:+UseSerialGC, -XX:TieredStopAtLevel=1]
            port: %7$d
            management-port: %8$d
            beater: none
            probe: { path: /actuator/health/readiness, port: management }
            depends-on: [registry]
        """
                .formatted(
                        Checkout.jar("registry-service"),
                        ports.registry(),
                        ports.registryActuator(),
                        machines.address(),
                        PlatformPorts.NODE_LOST_AFTER,
                        Checkout.jar("gateway-service"),
                        ports.gateway(),
                        ports.gatewayActuator());
    }

    public Machine machineB() {
        return machineB;
    }

    public ExtraNode nodeA() {
        return nodeA;
    }

    public ExtraNode nodeB() {
        return nodeB;
    }

    private URI registry() {
        return URI.create("http://" + machines.address() + ":" + ports.registry());
    }

    /** A client of the gateway; a request that takes longer than 30 s fails. */
    public KeepAliveClient client() {
        return new KeepAliveClient(URI.create("http://127.0.0.1:" + ports.gateway()), 30_000);
    }

    /** Follows the registry's watch. */
    public UnitWatch watch(FleetListener listener) {
        UnitWatch watch =
                new UnitWatch(List.of(registry()), BearerToken.read(token()), null, listener);
        watch.start();
        return watch;
    }

    /** What the registry has written down. */
    public Records records() {
        return new Records(http, registry());
    }

    public RoutingTable routing() {
        return new RoutingTable(http, URI.create("http://127.0.0.1:" + ports.gatewayActuator()));
    }

    /** Has a unit run on a node, as an operator does. */
    public void assign(String unit, String service, String node) throws IOException {
        http.send(
                "PUT",
                registry().resolve("/v1/units/" + unit + "/desired"),
                new DesiredWish(
                        new ServiceName(service),
                        new NodeName(node),
                        null,
                        null,
                        null,
                        null,
                        "an operator's wish"));
    }

    /** Whether the registry says that a unit is up on a node, and the gateway asks it there. */
    public boolean serves(String unit, String node) throws IOException {
        UnitView view = records().unit(unit);
        return Records.isUpOn(view, node)
                && routing().units().stream()
                        .anyMatch(r ->
                                r.id().equals(unit)
                                        && r.routable()
                                        && r.incarnation() == view.incarnation());
    }

    /** Waits until the condition holds; an exception means that it does not hold yet. */
    public void await(Callable<Boolean> condition) {
        try {
            Awaitility.await()
                    .atMost(LIMIT)
                    .pollInterval(Duration.ofMillis(100))
                    .pollDelay(Duration.ZERO)
                    .ignoreExceptions()
                    .until(condition);
        } catch (ConditionTimeoutException e) {
            keepLogs();
            throw new AssertionError(
                    "not within %s; the logs are in %s".formatted(LIMIT, folder), e);
        }
    }

    /** A test has failed: the logs of all machines outlive it. */
    public void keepLogs() {
        logsAreWanted = true;
    }

    @Override
    public void close() throws Exception {
        try (control;
                nodeB;
                nodeA) {
            machineA.reconnect();
            machineB.reconnect();
        }
        if (logsAreWanted) {
            System.out.println("  the logs are in " + folder);
        } else {
            Folders.delete(folder);
        }
    }
}
