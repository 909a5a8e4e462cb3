package dev.lepton.platform.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lepton.client.incident.IncidentCause;
import dev.lepton.client.unit.UnitState;
import dev.lepton.platform.load.KeepAliveClient;
import dev.lepton.platform.load.LoadReport;
import dev.lepton.platform.load.OpenLoop;
import dev.lepton.platform.running.Bounds;
import dev.lepton.platform.running.ExtraNode;
import dev.lepton.platform.running.FreePorts;
import dev.lepton.platform.running.Incident;
import dev.lepton.platform.running.OnSharedPlatform;
import dev.lepton.platform.running.Platform;
import dev.lepton.platform.running.Signals;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Small programs on a node of their own, whose services are recovered by different policies. */
@OnSharedPlatform
class PoliciesIT {

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final int PER_SECOND = 20;
    private static final int LONG_INTENSITY = 2;

    private static Stages stages;
    private static ExtraNode node;

    @BeforeAll
    static void startANode(Platform platform, @TempDir Path folder) throws Exception {
        stages = new Stages(folder);
        node = new ExtraNode(platform, "node-policies", declaration(FreePorts.one()));
        for (String unit : List.of("all-3", "rest-3", "lone-1", "fixed-1", "fragile-1")) {
            platform.awaitWithin(
                    LIMIT, () -> platform.records().unit(unit).state() == UnitState.UP);
        }
    }

    @AfterAll
    static void stopIt() throws Exception {
        if (node != null) {
            node.close();
        }
    }

    @Test
    void oneForAllStopsTheOthersLastFirstAndStartsAllOneAfterTheOther(Platform platform)
            throws Exception {
        assertThat(lifeAfterTheKillOf(platform, "all-2", "all", 8))
                .containsExactly(
                        "all-3 ends",
                        "all-1 ends",
                        "all-1 begins",
                        "all-1 serves",
                        "all-2 begins",
                        "all-2 serves",
                        "all-3 begins",
                        "all-3 serves");
    }

    @Test
    void restForOneLeavesThoseBeforeTheFailedOneAlone(Platform platform) throws Exception {
        long first = node.unit("rest-1").livePid();

        assertThat(lifeAfterTheKillOf(platform, "rest-2", "rest", 5))
                .containsExactly(
                        "rest-3 ends",
                        "rest-2 begins",
                        "rest-2 serves",
                        "rest-3 begins",
                        "rest-3 serves");
        assertThat(node.unit("rest-1").livePid()).isEqualTo(first);
    }

    /** What the units of a service do from the kill of one of them until all serve again. */
    private static List<String> lifeAfterTheKillOf(
            Platform platform, String unit, String service, int steps) throws Exception {
        int before = stages.life(service).size();
        long killed = System.nanoTime();
        Signals.kill(node.unit(unit).livePid());
        platform.awaitWithin(
                LIMIT,
                () ->
                        stages.life(service).size() >= before + steps
                                && platform.records()
                                        .service(service)
                                        .in(UnitState.UP)
                                        .equals(
                                                List.of(
                                                        service + "-1",
                                                        service + "-2",
                                                        service + "-3")));
        System.out.printf(
                "%s killed, its group serves again after %d ms%n",
                unit, Bounds.since(killed).toMillis());
        return stages.life(service).subList(before, stages.life(service).size());
    }

    @Test
    void aPortThatAnotherProcessHasTakenIsSaidSoAndWaitedFor(Platform platform) throws Exception {
        int port = URI.create(node.unit("fixed-1").address()).getPort();
        ServerSocket thief = new ServerSocket();
        try (thief) {
            try (Frozen _ = Frozen.of(node.supervisor().pid())) {
                Signals.kill(node.processesOf("fixed-1").getFirst());
                platform.awaitWithin(LIMIT, () -> node.processesOf("fixed-1").isEmpty());
                thief.setReuseAddress(true);
                platform.awaitWithin(LIMIT, () -> takes(thief, port));
            }
            String taken = "port %d is taken by another process".formatted(port);
            platform.awaitWithin(LIMIT, () -> node.says("fixed-1").contains(taken));
            System.out.println("  the supervisor: " + node.says("fixed-1"));
            platform.awaitWithin(
                    LIMIT,
                    () -> incidents(platform, "fixed-1").stream().anyMatch(i -> i.contains(taken)));
        }

        platform.awaitWithin(
                LIMIT, () -> platform.records().unit("fixed-1").state() == UnitState.UP);
        assertThat(URI.create(node.unit("fixed-1").address()).getPort()).isEqualTo(port);
        // That of the crash, and those of the starts that were in vain.
        platform.awaitWithin(
                LIMIT,
                () -> platform.records().incidentsOf("fixed-1").stream().noneMatch(Incident::open));
    }

    /** A process that is gone from /proc may hold its port for a moment more. */
    private static boolean takes(ServerSocket thief, int port) throws IOException {
        try {
            thief.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (BindException _) {
            return false;
        }
    }

    private static List<String> incidents(Platform platform, String unit) throws IOException {
        List<String> texts = new ArrayList<>();
        for (Incident incident : platform.records().incidentsOf(unit)) {
            texts.add(platform.call("GET", "/v1/incidents/" + incident.id(), null));
        }
        return texts;
    }

    @Test
    void aSlowCrashLoopIsGivenUpByTheLongWindow(Platform platform) throws Exception {
        for (int crash = 0; crash <= LONG_INTENSITY; crash++) {
            long pid = node.unit("fragile-1").livePid();
            // So slow that the short window has forgotten the crash before.
            platform.awaitWithin(LIMIT, () -> node.recentRestartsOf("fragile-1") == 0);
            Signals.kill(pid);
            boolean last = crash == LONG_INTENSITY;
            platform.awaitWithin(
                    LIMIT,
                    () ->
                            platform.records().unit("fragile-1").state()
                                            == (last ? UnitState.QUARANTINED : UnitState.UP)
                                    && (last || node.unit("fragile-1").livePid() != pid));
        }

        System.out.println("  the registry: " + platform.records().unit("fragile-1").reason());
        assertThat(platform.records().unit("fragile-1").reason())
                .contains("%d restarts within PT1H".formatted(LONG_INTENSITY));
        assertThat(node.processesOf("fragile-1")).isEmpty();
    }

    @Test
    void theOnlyUnitOfAServiceIsFrozenAndItsRequestsAreHeldNotFailed(Platform platform)
            throws Exception {
        long pid = node.unit("lone-1").livePid();

        LoadReport report;
        try (KeepAliveClient client = platform.client();
                OpenLoop load =
                        OpenLoop.start(
                                PER_SECOND,
                                () -> client.get("/lone/").ok().header("Lepton-Unit"))) {
            Signals.stop(pid);
            platform.awaitWithin(
                    LIMIT,
                    () ->
                            platform.isRoutedTo("lone-1")
                                    && node.unit("lone-1").pid() != null
                                    && node.unit("lone-1").livePid() != pid);
            report = load.stop();
        }

        System.out.println("SIGSTOP of the only unit of a service: " + report);
        assertThat(report.failures()).as("failed requests").isEmpty();
        assertThat(platform.records().incidentsOf("lone-1").getFirst().cause())
                .isEqualTo(IncidentCause.STOPPED);
    }

    private static String declaration(int port) {
        return """
        services:
          all:
            %1$s
            units: 3
            restart: { strategy: one-for-all, intensity: 100, long-intensity: 100 }
          rest:
            %1$s
            units: 3
            restart: { strategy: rest-for-one, intensity: 100, long-intensity: 100 }
          lone:
            %1$s
          fixed:
            %1$s
            port: %2$d
            restart: { intensity: 100, long-intensity: 100 }
          fragile:
            %1$s
            restart: { intensity: 1, period: 1s, long-intensity: %3$d, long-period: 1h, max-delay: 500ms }
        """
                .formatted(stages.program(), port, LONG_INTENSITY);
    }
}
