package dev.lepton.platform.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lepton.client.unit.UnitAddress;
import dev.lepton.client.unit.UnitView;
import dev.lepton.platform.load.KeepAliveClient;
import dev.lepton.platform.load.TwoAddresses;
import dev.lepton.platform.running.ExtraGateway;
import dev.lepton.platform.running.ExtraNode;
import dev.lepton.platform.running.Machine;
import dev.lepton.platform.running.Machines;
import dev.lepton.platform.running.Platform;
import dev.lepton.platform.running.TcpProxy;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A platform with a second gateway, and a node with three {@link OrderTaker}s. In a full run the
 * node is a machine of its own, so that its network can be hurt.
 */
final class TwoGateways implements AutoCloseable {

    static final List<String> UNITS = List.of("orders-1", "orders-2", "orders-3");

    private static final Duration LIMIT = Duration.ofSeconds(180);

    /** How a machine of its own is reached, and reaches the registry. */
    private record Beside(Machines network, Machine machine, TcpProxy registry)
            implements AutoCloseable {

        static Beside make(Platform platform) throws IOException {
            Machines.areRequired();
            Machines network = new Machines();
            return new Beside(
                    network, network.add(), TcpProxy.to(platform.registry(), network.address()));
        }

        @Override
        public void close() throws IOException {
            try (network) {
                registry.close();
            }
        }
    }

    private final Platform platform;
    private final OrderBook book;
    private final @Nullable Beside beside;
    private final ExtraNode node;
    private final ExtraGateway second;

    TwoGateways(Platform platform, Path folder) throws IOException {
        this.platform = platform;
        book = new OrderBook(folder);
        beside = Boolean.getBoolean("lepton.full") ? Beside.make(platform) : null;
        second = new ExtraGateway(platform);
        node =
                beside == null
                        ? new ExtraNode(platform, "node-orders", declaration("127.0.0.1"))
                        : new ExtraNode(
                                platform,
                                "node-orders",
                                beside.registry().address(),
                                declaration("0.0.0.0"),
                                beside.machine());
    }

    private String declaration(String host) {
        return """
        services:
          orders:
            command: %s
            units: 3
            beater: node
            probe: { path: /health }
            restart: { intensity: 100, period: 60s, long-intensity: 100 }
        """
                .formatted(book.command(host));
    }

    Platform platform() {
        return platform;
    }

    OrderBook book() {
        return book;
    }

    ExtraNode node() {
        return node;
    }

    /** The machine that the units are on, in a full run. */
    Machine machine() {
        if (beside == null) {
            throw new IllegalStateException("the units have no machine of their own");
        }
        return beside.machine();
    }

    /** A client of both gateways; a request that takes longer than 40 s fails. */
    TwoAddresses client() {
        return new TwoAddresses(platform.gateway(), second.address(), 40_000);
    }

    /** The starts of all units, as the registry has counted them. */
    List<Long> incarnations() throws IOException {
        return platform.records().service("orders").units().stream()
                .map(UnitView::incarnation)
                .toList();
    }

    /** The only process of a unit. */
    long pid(String unit) {
        List<Long> all = node.processesOf(unit);
        assertThat(all).as("processes of %s", unit).hasSize(1);
        return all.getFirst();
    }

    UnitAddress address(String unit) throws IOException {
        return platform.records().unit(unit).address();
    }

    /** Whether both gateways leave the unit alone. */
    boolean noneSendsTo(String unit) throws IOException {
        return !platform.routing().sendsTo(unit) && !second.routing().sendsTo(unit);
    }

    /** Meanwhile requests come, without which no gateway tries a unit that it has left alone. */
    void awaitReady() {
        platform.awaitReady();
        try (KeepAliveClient first = platform.client();
                KeepAliveClient other = new KeepAliveClient(second.address(), 30_000)) {
            platform.awaitWithin(
                    LIMIT,
                    () -> {
                        first.get("/orders/hello");
                        other.get("/orders/hello");
                        return allAreAsked();
                    });
        }
    }

    private boolean allAreAsked() throws IOException {
        for (String unit : UNITS) {
            if (!platform.routing().sendsTo(unit) || !second.routing().sendsTo(unit)) {
                return false;
            }
        }
        return true;
    }

    /**
     * Has a unit answer with a status, and be so many times as slow, for a while.
     *
     * @param status 200 for its ordinary answers
     */
    void have(String unit, int status, int times, Duration length) throws IOException {
        String how = "%d %d %d".formatted(status, times, length.toMillis());
        URI uri = URI.create(address(unit).toString());
        try (KeepAliveClient client = new KeepAliveClient(uri, 5_000)) {
            client.send("POST", "/behave", Map.of(), how.getBytes(StandardCharsets.US_ASCII)).ok();
        }
    }

    @Override
    public void close() throws Exception {
        try (Beside _ = beside;
                ExtraGateway _ = second) {
            node.close();
        }
    }
}
