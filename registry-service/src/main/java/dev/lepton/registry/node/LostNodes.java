package dev.lepton.registry.node;

import dev.lepton.client.unit.NodeName;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Decides which nodes are to be left. While more than half of the nodes that matter are not live,
 * the fault may be the registry's or its network's, and a node must be silent for longer.
 */
final class LostNodes {

    private LostNodes() {}

    /**
     * @param silent for how many nanoseconds each node that is not live has been silent
     * @param live how many nodes are live
     */
    static Set<NodeName> of(
            Map<NodeName, Long> silent, int live, long lostAfter, long massLostAfter) {
        long after = silent.size() > live ? massLostAfter : lostAfter;
        return silent.entrySet().stream()
                .filter(e -> e.getValue() > after)
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
    }
}
