package dev.lepton.supervisor.registry;

import dev.lepton.client.unit.ServiceName;
import java.util.List;

/**
 * What the registry is told of this node.
 *
 * @param capacity how many units it may run in all
 * @param services those whose units it knows how to run
 * @param host where others reach its units
 */
public record ThisNode(int capacity, List<ServiceName> services, String host) {

    public ThisNode {
        services = List.copyOf(services);
    }
}
