package dev.lepton.gateway.fleet;

import dev.lepton.client.rest.BearerToken;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The token for the registry, in a file that may come into being after this process. */
public final class RegistryToken {

    private final Path file;

    RegistryToken(Path file) {
        this.file = file;
    }

    /** As the file holds it now; null without a file. */
    public @Nullable BearerToken read() {
        return Files.exists(file) ? BearerToken.read(file) : null;
    }
}
