package dev.lepton.platform.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lepton.client.unit.UnitState;
import dev.lepton.platform.load.KeepAliveClient;
import dev.lepton.platform.load.LoadReport;
import dev.lepton.platform.load.OpenLoop;
import dev.lepton.platform.running.Bounds;
import dev.lepton.platform.running.Checkout;
import dev.lepton.platform.running.ExtraNode;
import dev.lepton.platform.running.LongRun;
import dev.lepton.platform.running.OnSharedPlatform;
import dev.lepton.platform.running.Platform;
import dev.lepton.platform.running.PlatformPorts;
import dev.lepton.platform.running.ServiceStatus;
import dev.lepton.platform.running.Signals;
import dev.lepton.platform.running.TcpProxy;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * Six units on two nodes, of which some are killed, and some only not heard of because their node
 * is cut off from the registry.
 */
@LongRun
@OnSharedPlatform
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class SilentUnitsIT {

    private static final Duration LIMIT = Duration.ofSeconds(120);
    private static final Duration START_TIME = Duration.ofSeconds(10);
    private static final Duration LEASE = Duration.ofSeconds(6);
    private static final int PER_SECOND = 50;
    private static final String SERVICE = "sheets";
    private static final String CUT_OFF = "node-cut";
    private static final List<String> ON_THE_OTHER = List.of("sheets-5", "sheets-6");
    private static final List<String> UNITS =
            List.of("sheets-1", "sheets-2", "sheets-3", "sheets-4", "sheets-5", "sheets-6");

    private static TcpProxy toRegistry;
    private static ExtraNode cut;
    private static ExtraNode other;

    @BeforeAll
    static void startTwoNodes(Platform platform) throws Exception {
        toRegistry = TcpProxy.to(platform.registry());
        cut = new ExtraNode(platform, CUT_OFF, toRegistry.address(), declaration(4, 4));
        other = new ExtraNode(platform, "node-other", declaration(0, 2));
        for (String unit : ON_THE_OTHER) {
            platform.call(
                    "PUT",
                    "/v1/units/" + unit + "/desired",
                    Map.of("service", SERVICE, "node", "node-other"));
        }
        platform.awaitWithin(LIMIT, () -> platform.records().service(SERVICE).units().size() == 6);
        allServe(platform);
    }

    @AfterAll
    static void stopThem() throws Exception {
        // Each of them whatever becomes of the others, and none that was never started.
        try (TcpProxy _ = toRegistry;
                ExtraNode _ = other;
                ExtraNode _ = cut) {}
    }

    private static void allServe(Platform platform) {
        platform.awaitWithin(
                LIMIT,
                () -> {
                    for (String unit : UNITS) {
                        if (!platform.isRoutedTo(unit)) {
                            return false;
                        }
                    }
                    ServiceStatus service = platform.records().service(SERVICE);
                    return service.preserving() == null && service.in(UnitState.UP).equals(UNITS);
                });
    }

    @Test
    @Order(1)
    void halfOfTheUnitsThatAreReallyKilledGoAtOnceAndComeBack(Platform platform) throws Exception {
        List<String> struck = List.of("sheets-1", "sheets-2", "sheets-5");
        Map<String, Long> before = incarnations(platform);

        try (KeepAliveClient client = platform.client();
                OpenLoop load = OpenLoop.start(PER_SECOND, () -> ask(client))) {
            List<Long> pids =
                    List.of(
                            cut.unit("sheets-1").livePid(),
                            cut.unit("sheets-2").livePid(),
                            other.unit("sheets-5").livePid());
            long killed = System.nanoTime();
            pids.forEach(Signals::kill);

            platform.awaitWithin(
                    LIMIT,
                    Duration.ofMillis(10),
                    () -> {
                        for (String unit : struck) {
                            if (platform.isRoutedTo(unit, before.get(unit))) {
                                return false;
                            }
                        }
                        return true;
                    });
            Bounds.holds(
                    "three of six out of routing", Bounds.since(killed), Duration.ofSeconds(2));
            allServe(platform);
            Bounds.holds("all six serve again", Bounds.since(killed), START_TIME.plusSeconds(2));
            nothingFailed("three of six units killed", load);
        }

        Map<String, Long> after = new TreeMap<>(before);
        struck.forEach(unit -> after.merge(unit, 1L, Long::sum));
        assertThat(incarnations(platform)).isEqualTo(after);
    }

    @Test
    @Order(2)
    void moreThanHalfThatAreOnlySilentArePreservedUntilTheyAreHeardAgain(Platform platform)
            throws Exception {
        Map<String, Long> before = incarnations(platform);

        try (KeepAliveClient client = platform.client();
                OpenLoop load = OpenLoop.start(PER_SECOND, () -> ask(client))) {
            ServiceStatus.Hold hold = cutOffUntilPreserved(platform);
            assertThat(hold.reason()).contains("silence alone takes at most half of the");
            assertThat(hold.units()).isNotEmpty();
            assertThat(platform.records().service(SERVICE).in(UnitState.DOWN))
                    .hasSizeLessThanOrEqualTo(UNITS.size() / 2);

            toRegistry.letThrough();
            long heard = System.nanoTime();
            allServe(platform);
            Bounds.holds(
                    "all serve once they are heard", Bounds.since(heard), Duration.ofSeconds(5));
            nothingFailed("four of six units silent", load);
        }

        assertThat(incarnations(platform)).isEqualTo(before);
    }

    @Test
    @Order(3)
    void theClockAloneTakesNoneThatIsPreservedButTwoWhoDoNotReachItDo(Platform platform)
            throws Exception {
        try (KeepAliveClient client = platform.client();
                OpenLoop load = OpenLoop.start(PER_SECOND, () -> ask(client))) {
            ServiceStatus.Hold hold = cutOffUntilPreserved(platform);

            Trial.pause(PlatformPorts.NODE_LOST_AFTER.plusSeconds(2));
            assertThat(platform.records().service(SERVICE).preserving()).isEqualTo(hold);

            String struck = hold.ids().getFirst();
            try (Frozen _ = Frozen.of(cut.supervisor().pid())) {
                long killed = System.nanoTime();
                Signals.kill(cut.processesOf(struck).getFirst());
                platform.awaitWithin(
                        LIMIT, () -> platform.records().unit(struck).state() == UnitState.DOWN);
                Bounds.holds("a preserved unit that died is down", Bounds.since(killed), LEASE);
            }
            toRegistry.letThrough();
            allServe(platform);
            nothingFailed("four of six units silent for long, and one of them killed", load);
        }
    }

    private static ServiceStatus.Hold cutOffUntilPreserved(Platform platform) throws IOException {
        long silent = System.nanoTime();
        toRegistry.cutOff();
        platform.awaitWithin(LIMIT, () -> platform.records().service(SERVICE).preserving() != null);
        Bounds.holds("until the service is preserving", Bounds.since(silent), LEASE.plusSeconds(2));
        ServiceStatus service = platform.records().service(SERVICE);
        System.out.println("  " + service.preserving() + ", down: " + service.in(UnitState.DOWN));
        return Objects.requireNonNull(service.preserving());
    }

    private static void nothingFailed(String what, OpenLoop load) {
        LoadReport report = load.stop();
        System.out.println(what + ": " + report);
        assertThat(report.failures()).as("failed requests").isEmpty();
    }

    private static Map<String, Long> incarnations(Platform platform) throws IOException {
        Map<String, Long> all = new TreeMap<>();
        platform.records()
                .service(SERVICE)
                .units()
                .forEach(u -> all.put(u.unitId().value(), u.incarnation()));
        return all;
    }

    private static String ask(KeepAliveClient gateway) throws IOException {
        return gateway.get("/" + SERVICE + "/build.md").ok().header("Lepton-Unit");
    }

    private static String declaration(int units, int capacity) {
        return """
        capacity: %d
        services:
          %s:
            command: ["${java}", -Xmx32m, -m, jdk.httpserver, -b, 127.0.0.1, -p, "${port}", -d, "%s"]
            units: %d
            beater: node
            probe: { path: / }
        """
                .formatted(capacity, SERVICE, Checkout.root().resolve("docs"), units);
    }
}
