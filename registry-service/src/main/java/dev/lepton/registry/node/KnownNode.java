package dev.lepton.registry.node;

import dev.lepton.client.node.NodeBeat;
import dev.lepton.client.unit.NodeName;

/**
 * A node as PostgreSQL has it.
 *
 * @param beat the last one that was stored
 */
record KnownNode(NodeName name, NodeBeat beat) {}
