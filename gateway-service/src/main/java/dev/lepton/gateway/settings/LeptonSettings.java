package dev.lepton.gateway.settings;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What all parts of the platform on a machine share.
 *
 * @param home folder that holds all state of the platform
 * @param tokenFile file with the bearer token for the registry; 'token' in the home folder when not
 *     set
 */
@ConfigurationProperties("lepton")
public record LeptonSettings(@DefaultValue(".lepton") Path home, @Nullable Path tokenFile) {

    public Path tokenFileOrDefault() {
        return tokenFile != null ? tokenFile : home.resolve("token");
    }

    /** Where the last list of the fleet is kept. */
    public Path diskList() {
        return home.resolve("gateway").resolve("fleet.json");
    }
}
