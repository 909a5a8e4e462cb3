package dev.lepton.gateway.settings;

import java.net.URI;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Where the registry is.
 *
 * @param url base URLs of the registry's replicas, of which each client draws its own order
 */
@ConfigurationProperties("lepton.registry")
public record RegistrySettings(@DefaultValue("http://localhost:8761") List<URI> url) {

    public RegistrySettings {
        url = List.copyOf(url);
        if (url.isEmpty()) {
            throw new IllegalArgumentException("'lepton.registry.url' must name at least one URL");
        }
        for (URI each : url) {
            String scheme = each.getScheme();
            if (each.getHost() == null || !("http".equals(scheme) || "https".equals(scheme))) {
                throw new IllegalArgumentException(
                        "'lepton.registry.url' %s must look like http://host:port".formatted(each));
            }
        }
    }
}
