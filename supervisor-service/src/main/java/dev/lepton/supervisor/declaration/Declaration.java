package dev.lepton.supervisor.declaration;

import dev.lepton.client.unit.NodeName;
import dev.lepton.client.unit.ServiceName;
import java.net.URI;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is to run on this node.
 *
 * @param registryUrls where the registry answers; empty when there is none
 * @param capacity how many units the node may run in all
 * @param address where the units of the node that have no starter are reached
 * @param engine what runs the units that are containers, null when none are
 * @param services in the order of the file
 */
public record Declaration(
        NodeName node,
        List<URI> registryUrls,
        int capacity,
        String address,
        @Nullable EngineChoice engine,
        Map<ServiceName, ServiceDeclaration> services) {

    public Declaration {
        registryUrls = List.copyOf(registryUrls);
        services = Collections.unmodifiableMap(new LinkedHashMap<>(services));
    }

    /** A node whose units are processes. */
    public Declaration(
            NodeName node,
            List<URI> registryUrls,
            int capacity,
            String address,
            Map<ServiceName, ServiceDeclaration> services) {
        this(node, registryUrls, capacity, address, null, services);
    }

    /** The services of which the registry may assign units to this node: no containers are. */
    public List<ServiceName> registered() {
        return services.values().stream()
                .filter(service -> service.beating() != Beating.NONE && !service.inContainers())
                .map(ServiceDeclaration::name)
                .toList();
    }
}
