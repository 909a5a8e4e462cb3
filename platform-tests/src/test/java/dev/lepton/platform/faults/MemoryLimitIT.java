package dev.lepton.platform.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lepton.client.incident.IncidentCause;
import dev.lepton.client.unit.UnitState;
import dev.lepton.platform.build.Required;
import dev.lepton.platform.running.ExtraNode;
import dev.lepton.platform.running.OnSharedPlatform;
import dev.lepton.platform.running.Platform;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A node whose memory is limited, as that of a container is. */
@OnSharedPlatform
class MemoryLimitIT {

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final long BYTES = 512L << 20;

    @Test
    void aUnitThatTheKernelKillsForWantOfMemoryIsRestartedWithThatReason(Platform platform)
            throws Exception {
        Required.that(MemoryLimit.isPossible(), "this user cannot make a cgroup here");

        try (MemoryLimit memory = MemoryLimit.of(BYTES);
                ExtraNode node = new ExtraNode(platform, "node-memory", declaration())) {
            memory.takeIn(node.supervisor().pid());

            platform.awaitWithin(
                    LIMIT, () -> platform.records().unit("hog-1").state() == UnitState.QUARANTINED);
            System.out.println("  the registry: " + platform.records().unit("hog-1").reason());
            assertThat(platform.records().incidentsOf("hog-1"))
                    .hasSize(2)
                    .allMatch(incident -> incident.cause() == IncidentCause.OUT_OF_MEMORY);
            assertThat(node.supervisor().isAlive()).isTrue();
        }
    }

    /** A program that wants all memory there is, and whom the kernel takes first. */
    private static String declaration() {
        return """
        services:
          hog:
            command: [sh, -c, "echo 1000 > /proc/self/oom_score_adj && exec tail /dev/zero"]
            beater: node
            probe: none
            restart: { intensity: 1 }
        """;
    }
}
