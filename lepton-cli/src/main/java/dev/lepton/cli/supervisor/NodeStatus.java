package dev.lepton.cli.supervisor;

import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The supervisor about itself.
 *
 * @param ready whether every unit that is wanted is ready
 * @param registryUrls where its units find the registry; empty without one
 */
public record NodeStatus(String node, boolean ready, List<URI> registryUrls) {

    public NodeStatus(@Nullable String node, boolean ready, @Nullable List<URI> registryUrls) {
        this.node = node == null ? "" : node;
        this.ready = ready;
        this.registryUrls = registryUrls == null ? List.of() : List.copyOf(registryUrls);
    }
}
