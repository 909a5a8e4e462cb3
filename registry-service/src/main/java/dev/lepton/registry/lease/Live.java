package dev.lepton.registry.lease;

import dev.lepton.client.unit.NodeName;
import dev.lepton.client.unit.ServiceName;
import dev.lepton.registry.lifecycle.Phase;
import dev.lepton.registry.unit.UnitRow;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** How many units may serve requests, of each service and on each node. */
record Live(Map<ServiceName, Integer> services, Map<NodeName, Integer> nodes) {

    /**
     * @param counted which of the units that are up or suspected count
     */
    static Live of(Collection<UnitRow> units, Predicate<UnitRow> counted) {
        Map<ServiceName, Integer> services = new HashMap<>();
        Map<NodeName, Integer> nodes = new HashMap<>();
        for (UnitRow unit : units) {
            if (mayServe(unit) && counted.test(unit)) {
                services.merge(unit.service(), 1, Integer::sum);
                if (unit.node() != null) {
                    nodes.merge(unit.node(), 1, Integer::sum);
                }
            }
        }
        return new Live(services, nodes);
    }

    static boolean mayServe(UnitRow unit) {
        return unit.phase() == Phase.UP || unit.phase() == Phase.SUSPECT;
    }

    int of(ServiceName service) {
        return services.getOrDefault(service, 0);
    }

    int on(@Nullable NodeName node) {
        return node == null ? 0 : nodes.getOrDefault(node, 0);
    }
}
