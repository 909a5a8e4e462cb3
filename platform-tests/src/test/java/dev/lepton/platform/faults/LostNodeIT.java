package dev.lepton.platform.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lepton.platform.load.KeepAliveClient;
import dev.lepton.platform.running.Bounds;
import dev.lepton.platform.running.Checkout;
import dev.lepton.platform.running.ExtraNode;
import dev.lepton.platform.running.LongRun;
import dev.lepton.platform.running.OnSharedPlatform;
import dev.lepton.platform.running.Platform;
import dev.lepton.platform.running.PlatformPorts;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Two more nodes, of which one is lost with all that runs there. */
@LongRun
@OnSharedPlatform
class LostNodeIT {

    private static final Duration LIMIT = Duration.ofSeconds(180);
    private static final List<String> UNITS = List.of("pages-1", "pages-2");

    @Test
    void theUnitsOfALostNodeMoveToOneWithRoomAndStayThere(Platform platform) throws Exception {
        try (ExtraNode first = new ExtraNode(platform, "node-a", declaration(2));
                ExtraNode second = new ExtraNode(platform, "node-b", declaration(0))) {
            for (String unit : UNITS) {
                platform.awaitWithin(LIMIT, () -> platform.records().isUpOn(unit, "node-a"));
            }

            long lost = System.nanoTime();
            first.loseAll();
            for (String unit : UNITS) {
                platform.awaitWithin(LIMIT, () -> platform.records().isUpOn(unit, "node-b"));
            }
            Bounds.holds(
                    "until the units of a lost node serve elsewhere",
                    Bounds.since(lost),
                    PlatformPorts.NODE_LOST_AFTER.plusSeconds(20));
            try (KeepAliveClient client = platform.client()) {
                assertThat(client.get("/pages/build.md").status()).isEqualTo(200);
            }

            first.comeBack();
            platform.awaitWithin(LIMIT, () -> platform.records().isLive("node-a"));
            for (String unit : UNITS) {
                // What it began before it heard of the move is stopped again.
                platform.awaitWithin(LIMIT, () -> first.processesOf(unit).isEmpty());
                assertThat(platform.records().isUpOn(unit, "node-b")).isTrue();
                assertThat(second.processesOf(unit)).hasSize(1);
            }
        }
    }

    private static String declaration(int units) {
        return """
        capacity: 4
        services:
          pages:
            command: ["${java}", -Xmx32m, -m, jdk.httpserver, -b, 127.0.0.1, -p, "${port}", -d, "%s"]
            units: %d
            beater: node
            probe: { path: / }
        """
                .formatted(Checkout.root().resolve("docs"), units);
    }
}
