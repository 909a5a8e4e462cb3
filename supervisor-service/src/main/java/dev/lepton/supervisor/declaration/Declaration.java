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
 * @param address where others reach the units of the node, null when the file does not say
 * @param engine what runs the units that are containers, null when none are
 * @param services in the order of the file
 */
public record Declaration(
        NodeName node,
        List<URI> registryUrls,
        int capacity,
        @Nullable String address,
        @Nullable EngineChoice engine,
        Map<ServiceName, ServiceDeclaration> services) {

    private static final String LOOPBACK = "127.0.0.1";

    public Declaration {
        registryUrls = List.copyOf(registryUrls);
        services = Collections.unmodifiableMap(new LinkedHashMap<>(services));
    }

    /** Where units are reached that cannot tell it themselves. */
    public String host() {
        return address == null ? LOOPBACK : address;
    }

    /** The services of which the registry may assign units to this node: no containers are. */
    public List<ServiceName> registered() {
        return services.values().stream()
                .filter(service -> service.beating() != Beating.NONE && !service.inContainers())
                .map(ServiceDeclaration::name)
                .toList();
    }
}
