package dev.lepton.registry.node;

import dev.lepton.client.unit.NodeName;

/** Whether the supervisor of a node beats, as this replica has seen it; returns at once. */
@FunctionalInterface
public interface LiveNodes {

    boolean live(NodeName node);
}
