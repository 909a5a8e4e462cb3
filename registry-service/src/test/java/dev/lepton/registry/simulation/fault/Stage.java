package dev.lepton.registry.simulation.fault;

import dev.lepton.client.unit.UnitId;
import dev.lepton.registry.simulation.kernel.Ground;
import dev.lepton.registry.simulation.node.Node;
import dev.lepton.registry.simulation.node.Operator;
import dev.lepton.registry.simulation.postgres.Server;
import dev.lepton.registry.simulation.replica.Replica;
import java.util.List;

/** What faults can strike. */
public record Stage(
        Ground ground,
        Server server,
        List<Replica> replicas,
        List<Node> nodes,
        List<UnitId> units,
        Operator operator) {}
