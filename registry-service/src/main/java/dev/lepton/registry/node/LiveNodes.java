package dev.lepton.registry.node;

import dev.lepton.client.unit.NodeName;

/** What this replica has seen of the supervisors of nodes; returns at once. */
public interface LiveNodes {

    /** Whether the supervisor of a node was seen to beat a moment ago. */
    boolean live(NodeName node);

    /** Whether a node is not lost: its supervisor may still have its word on its units. */
    boolean supervised(NodeName node);
}
