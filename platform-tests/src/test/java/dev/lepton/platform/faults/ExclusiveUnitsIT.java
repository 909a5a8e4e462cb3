package dev.lepton.platform.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lepton.client.unit.UnitState;
import dev.lepton.platform.running.Bounds;
import dev.lepton.platform.running.Checkout;
import dev.lepton.platform.running.ExtraNode;
import dev.lepton.platform.running.LongRun;
import dev.lepton.platform.running.OnSharedPlatform;
import dev.lepton.platform.running.Platform;
import dev.lepton.platform.running.TcpProxy;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A node that no registry answers, though all else is well there. */
@LongRun
@Tag("alone")
@OnSharedPlatform
class ExclusiveUnitsIT {

    private static final Duration LIMIT = Duration.ofSeconds(90);

    /** The lease: by then the process of an exclusive unit has ended. */
    private static final Duration LEASE = Duration.ofSeconds(6);

    /** Ends itself by its starter. */
    private static final String STARTER = "single-1";

    /** Is ended by its supervisor. */
    private static final String PROGRAM = "lone-1";

    private static final String ORDINARY = "common-1";

    @Test
    void onlyExclusiveUnitsEndWhileNoRegistryAnswersAndTheyComeBackAfterwards(Platform platform)
            throws Exception {
        try (TcpProxy toRegistry = TcpProxy.to(platform.registry());
                ExtraNode node =
                        new ExtraNode(platform, "node-x", toRegistry.address(), declaration())) {
            for (String unit : List.of(STARTER, PROGRAM, ORDINARY)) {
                platform.awaitWithin(LIMIT, () -> platform.records().isUpOn(unit, "node-x"));
            }
            List<Long> ordinary = node.processesOf(ORDINARY);
            String startOfStarter = node.unit(STARTER).startId();
            String startOfProgram = node.unit(PROGRAM).startId();

            long cut = System.nanoTime();
            toRegistry.cutOff();
            platform.awaitWithin(LIMIT, () -> node.processesOf(PROGRAM).isEmpty());
            platform.awaitWithin(LIMIT, () -> node.processesOf(STARTER).isEmpty());
            Bounds.holds("until both exclusive units have ended", Bounds.since(cut), LEASE);
            // Until it is routed no more, and longer than any backoff after the first end.
            for (String unit : List.of(STARTER, PROGRAM)) {
                platform.awaitWithin(
                        LIMIT, () -> platform.records().unit(unit).state() == UnitState.DOWN);
                assertThat(node.processesOf(unit)).isEmpty();
                assertThat(node.says(unit)).contains("no registry");
            }
            assertThat(node.processesOf(ORDINARY)).isEqualTo(ordinary).hasSize(1);

            toRegistry.letThrough();
            for (String unit : List.of(STARTER, PROGRAM)) {
                platform.awaitWithin(LIMIT, () -> platform.records().isUpOn(unit, "node-x"));
            }
            assertThat(node.unit(STARTER).startId()).isNotEqualTo(startOfStarter);
            assertThat(node.unit(PROGRAM).startId()).isNotEqualTo(startOfProgram);
            assertThat(node.processesOf(ORDINARY)).isEqualTo(ordinary);
            assertThat(node.recentRestartsOf(PROGRAM)).isZero();
        }
    }

    private static String declaration() throws IOException {
        return """
        services:
          single:
            jar: %1$s
            java-options: [-Xmx128m, -XX:+UseSerialGC, -XX:TieredStopAtLevel=1]
            beater: self
            management-port: auto
            probe: { path: /actuator/health/readiness, port: management }
            exclusive: true
            args: ["--lepton.unit.labels[lepton.exclusive]=true"]
          lone:
            %2$s
            exclusive: true
          common:
            %2$s
        """
                .formatted(
                        Checkout.jar("sample-worker-service"),
                        """
                        command: ["${java}", -Xmx32m, -m, jdk.httpserver, -b, 127.0.0.1, -p, "${port}", -d, "%s"]
                            beater: node
                            probe: { path: / }\
                        """
                                .formatted(Checkout.root().resolve("docs")));
    }
}
