package dev.lepton.platform.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lepton.client.unit.UnitState;
import dev.lepton.client.watch.Change;
import dev.lepton.platform.load.KeepAliveClient;
import dev.lepton.platform.load.LoadReport;
import dev.lepton.platform.load.OpenLoop;
import dev.lepton.platform.running.Bounds;
import dev.lepton.platform.running.Checkout;
import dev.lepton.platform.running.ExtraNode;
import dev.lepton.platform.running.Fault;
import dev.lepton.platform.running.Incident;
import dev.lepton.platform.running.LeptonProcesses;
import dev.lepton.platform.running.Machines;
import dev.lepton.platform.running.PlatformPorts;
import dev.lepton.platform.running.TwoMachines;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.extension.TestWatcher;

/**
 * Two machines with networks of their own, of which one is killed and comes back, then the other is
 * cut off. On the first run a worker, a program without the starter, and one that crashes wherever
 * it runs; on the second a worker.
 */
@Tag("alone")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class LostMachineIT {

    private static final int PER_SECOND = 20;
    private static final Duration BEFORE = Duration.ofSeconds(2);
    private static final Duration LOST_AFTER = PlatformPorts.NODE_LOST_AFTER;

    /** The last beat lies up to a second before the fault. */
    private static final Duration MOVED_AT_THE_EARLIEST = LOST_AFTER.minusSeconds(2);

    /** With a start of the worker on a machine that does much else at the time. */
    private static final Duration SERVES_ELSEWHERE = LOST_AFTER.plusSeconds(30);

    private static final Duration STOPS_WHAT_IS_AWAY = Duration.ofSeconds(15);

    private static final String[] OBSERVERS = {"registry", "gateway", "node-a", "node-b"};

    private static Machines network;
    private static TwoMachines machines;
    private static final SlotLog SLOTS = new SlotLog();
    private static SlotRecorder recorder;

    @RegisterExtension
    static final TestWatcher KEEPS_THE_LOGS =
            new TestWatcher() {
                @Override
                public void testFailed(ExtensionContext context, @Nullable Throwable cause) {
                    machines.keepLogs();
                }
            };

    @BeforeAll
    static void startThem() throws IOException {
        Machines.areRequired();
        network = new Machines();
        machines = new TwoMachines(network, declaration(1), declaration(0));
        machines.await(
                () -> machines.records().isLive("node-a") && machines.records().isLive("node-b"));
        machines.assign("crashes-1", "crashes", "node-a");
        machines.assign("worker-2", "worker", "node-b");
        recorder = new SlotRecorder(machines, SLOTS);
        machines.await(() -> machines.serves("worker-1", "node-a"));
        machines.await(() -> machines.serves("worker-2", "node-b"));
        machines.await(() -> machines.serves("pages-1", "node-a"));
        machines.await(() -> machines.records().unit("crashes-1").state() == UnitState.QUARANTINED);
    }

    @AfterAll
    static void removeThem() throws Exception {
        try (Machines _ = network;
                TwoMachines _ = machines;
                SlotRecorder _ = recorder) {
            System.out.println("  looks: " + SLOTS.looks());
        }
    }

    @Test
    @Order(1)
    void theUnitsOfAKilledMachineMoveAndItStopsThemWhenItReturns() throws Exception {
        LoadReport report =
                underLoad(() -> {
                    long lost = System.nanoTime();
                    machines.nodeA().loseAll();
                    awaitMove("worker-1", lost);
                    machines.await(() -> machines.serves("worker-1", "node-b"));
                    machines.await(() -> machines.serves("pages-1", "node-b"));
                    Bounds.holds(
                            "until the units of a killed machine serve on the other",
                            Bounds.since(lost),
                            SERVES_ELSEWHERE);
                });

        System.out.println("one of two machines killed: " + report);
        assertThat(report.failures()).isEmpty();
        try (KeepAliveClient client = machines.client()) {
            assertThat(client.get("/pages/build.md").status()).isEqualTo(200);
        }
        long back = System.nanoTime();
        machines.nodeA().comeBack();
        machines.await(() -> machines.records().isLive("node-a"));
        stopsAll(machines.nodeA(), "worker-1", "pages-1", "crashes-1");
        Bounds.holds(
                "until the returned machine had stopped what was assigned away",
                Bounds.since(back),
                STOPS_WHAT_IS_AWAY);
        assertThat(machines.serves("worker-1", "node-b")).isTrue();
        assertThat(machines.serves("pages-1", "node-b")).isTrue();
        machines.await(() -> machines.records().unit("crashes-1").state() == UnitState.QUARANTINED);
    }

    @Test
    @Order(2)
    void theUnitsOfAMachineThatIsCutOffMoveAndItStopsThemWhenItIsReachedAgain() throws Exception {
        machines.assign("worker-1", "worker", "node-a");
        machines.await(() -> machines.serves("worker-1", "node-a"));

        LoadReport report =
                underLoad(() -> {
                    long cut = System.nanoTime();
                    machines.machineB().cutOff();
                    awaitMove("worker-2", cut);
                    machines.await(() -> machines.serves("worker-2", "node-a"));
                    Bounds.holds(
                            "until the worker of a machine that is cut off serves on the other",
                            Bounds.since(cut),
                            SERVES_ELSEWHERE);
                });

        System.out.println("one of two machines cut off: " + report);
        assertThat(report.failures()).isEmpty();
        // It has heard of nothing, and keeps its units, as without any registry.
        assertThat(machines.nodeB().processesOf("worker-2")).isNotEmpty();
        assertThat(machines.serves("pages-1", "node-b")).isFalse();

        long back = System.nanoTime();
        machines.machineB().reconnect();
        machines.await(() -> machines.records().isLive("node-b"));
        stopsAll(machines.nodeB(), "worker-2");
        Bounds.holds(
                "until the machine that is reached again had stopped what was assigned away",
                Bounds.since(back),
                STOPS_WHAT_IS_AWAY);
        assertThat(machines.serves("worker-2", "node-a")).isTrue();
        // It had been moved once, and waited for its machine.
        machines.await(() -> machines.serves("pages-1", "node-b"));
        assertThat(movesOf("pages-1")).hasSize(1);
    }

    @Test
    @Order(3)
    void aUnitThatCrashesOnEachMachineIsMovedOnceAndThenLeftToPeople() throws Exception {
        assertThat(movesOf("crashes-1"))
                .containsExactly("moved from node-a, which is lost, to node-b");
        assertThat(machines.records().desired("crashes-1").node()).hasToString("node-b");
        assertThat(machines.records().unit("crashes-1").state()).isEqualTo(UnitState.QUARANTINED);
        Incident incident = machines.records().incidentsOf("crashes-1").getFirst();
        assertThat(incident.open()).isTrue();
        assertThat(incident.givenUpAt()).isNotNull();
    }

    @Test
    @Order(4)
    void noSlotWasEverRoutableTwiceNorAliveTwiceOnAMachine() throws Exception {
        recorder.stillLooks();
        assertThat(SLOTS.broken()).isEmpty();
        assertThat(SLOTS.looks()).containsOnlyKeys(OBSERVERS);
        assertThat(SLOTS.looks().values()).allMatch(looks -> looks > 20);
    }

    @Test
    @Order(5)
    void eachUnitRunsOnOneMachineInTheEnd() {
        assertThat(runningOn(machines.nodeA())).containsExactly("worker-1", "worker-2");
        assertThat(runningOn(machines.nodeB())).containsExactly("pages-1");
    }

    private static Set<String> runningOn(ExtraNode node) {
        return LeptonProcesses.starts(node.home()).keySet();
    }

    private static LoadReport underLoad(Fault fault) throws Exception {
        try (KeepAliveClient client = machines.client();
                OpenLoop load = OpenLoop.start(PER_SECOND, () -> Greeting.ask(client).text())) {
            Trial.pause(BEFORE);
            Map<String, Integer> before = SLOTS.looks();
            fault.happen();
            everyoneLookedSince(before);
            Trial.pause(BEFORE);
            LoadReport report = load.stop();
            SLOTS.answered(report.samples());
            return report;
        }
    }

    private static void everyoneLookedSince(Map<String, Integer> before) {
        assertThat(SLOTS.looks())
                .containsOnlyKeys(OBSERVERS)
                .allSatisfy((observer, looks) ->
                        assertThat(looks)
                                .as("looks of %s", observer)
                                .isGreaterThan(before.getOrDefault(observer, 0)));
    }

    /** Neither too early: a node that says nothing may have much to do. */
    private static void awaitMove(String unit, long lost) {
        machines.await(() -> !movesOf(unit).isEmpty());
        Duration moved = Bounds.since(lost);
        System.out.printf("  until %s was moved: %d ms%n", unit, moved.toMillis());
        assertThat(moved).as("time until %s was moved", unit).isGreaterThan(MOVED_AT_THE_EARLIEST);
    }

    private static List<String> movesOf(String unit) throws IOException {
        return machines.records().changesOf(unit).stream()
                .filter(change -> change.desired() != null)
                .map(Change::reason)
                .filter(reason -> reason.startsWith("moved from "))
                .toList();
    }

    private static void stopsAll(ExtraNode node, String... units) {
        for (String unit : units) {
            machines.await(() -> node.processesOf(unit).isEmpty());
        }
    }

    /** Units answer on the network, and on loopback, where their supervisor asks them. */
    private static String declaration(int units) {
        return """
        capacity: 6
        services:
          worker:
            jar: %1$s
            units: %2$d
            java-options: [-Xmx128m, -XX:+UseSerialGC, -XX:TieredStopAtLevel=1, -XX:+ExitOnOutOfMemoryError]
            management-port: auto
            beater: self
            probe: { path: /actuator/health/readiness, port: management }
            env: { SERVER_ADDRESS: "0.0.0.0" }
          pages:
            command: ["${java}", -Xmx32m, -m, jdk.httpserver, -b, 0.0.0.0, -p, "${port}", -d, "%3$s"]
            units: %2$d
            beater: node
            probe: { path: / }
          crashes:
            command: [timeout, "3", "${java}", -Xmx32m, -m, jdk.httpserver, -b, 0.0.0.0, -p, "${port}", -d, "%3$s"]
            units: 0
            beater: node
            probe: { path: / }
            restart: { intensity: 1, period: 60s }
        """
                .formatted(
                        Checkout.jar("sample-worker-service"),
                        units,
                        Checkout.root().resolve("docs"));
    }
}
