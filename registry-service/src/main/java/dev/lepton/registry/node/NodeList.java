package dev.lepton.registry.node;

import dev.lepton.client.node.NodeBeat.Observed;
import dev.lepton.client.unit.NodeName;
import dev.lepton.client.unit.ServiceName;
import dev.lepton.client.unit.StartId;
import dev.lepton.client.unit.UnitId;
import java.time.Instant;
import java.util.List;

/**
 * All nodes whose supervisor has ever beaten, by name.
 *
 * @param ageMillis how long ago this replica last read the change log
 */
record NodeList(List<NodeView> nodes, long ageMillis) {

    /**
     * A node.
     *
     * @param units those that registered from it or are desired to run there
     * @param since when its mark was last seen to change by this replica, or its looks began anew
     * @param observed which generation of their desired rows its units have been brought to
     */
    record NodeView(
            NodeName name,
            StartId supervisorId,
            NodeState state,
            Instant since,
            int capacity,
            List<ServiceName> services,
            List<UnitId> units,
            List<Observed> observed) {}
}
