package dev.lepton.registry.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lepton.client.unit.NodeName;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LostNodesTests {

    private static final long AFTER = 60;
    private static final long MASS = 300;
    private static final NodeName A = new NodeName("node-a");
    private static final NodeName B = new NodeName("node-b");

    @Test
    void nodeIsLeftWhenItWasSilentForLongerThanTheTime() {
        assertThat(lost(Map.of(A, AFTER), 1)).isEmpty();
        assertThat(lost(Map.of(A, AFTER + 1), 1)).containsExactly(A);
    }

    @Test
    void halfOfTheNodesMayBeLost() {
        assertThat(lost(Map.of(A, AFTER + 1, B, AFTER + 1), 2)).containsExactlyInAnyOrder(A, B);
    }

    @Test
    void whenMoreAreSilentNobodyIsLeftUntilThatHasLasted() {
        assertThat(lost(Map.of(A, AFTER + 1, B, 1L), 1)).isEmpty();
        assertThat(lost(Map.of(A, MASS, B, MASS), 1)).isEmpty();
        assertThat(lost(Map.of(A, MASS + 1, B, MASS), 1)).containsExactly(A);
    }

    private static Set<NodeName> lost(Map<NodeName, Long> silent, int live) {
        return LostNodes.of(silent, live, AFTER, MASS);
    }
}
