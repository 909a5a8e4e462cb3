package dev.lepton.starter.membership;

import dev.lepton.client.rest.BearerToken;
import dev.lepton.client.rest.RegistryClient;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The way to the registry, with the token as its file holds it: the file may come into being after
 * this process, and its content may be exchanged.
 */
public final class RegistryAccess implements AutoCloseable {

    private final List<URI> urls;
    private final Path tokenFile;
    private final Duration timeout;
    private @Nullable RegistryClient client;

    /**
     * @param tokenFile used once it exists
     * @param timeout for one attempt at one URL, except beats
     */
    public RegistryAccess(List<URI> urls, Path tokenFile, Duration timeout) {
        this.urls = List.copyOf(urls);
        this.tokenFile = tokenFile;
        this.timeout = timeout;
    }

    public List<URI> urls() {
        return urls;
    }

    /**
     * @throws IllegalArgumentException when the token file is there but unusable
     */
    synchronized RegistryClient client() {
        RegistryClient open = client;
        if (open == null) {
            open = new RegistryClient(urls, token(), timeout);
            client = open;
        }
        return open;
    }

    /** The token was refused: the next call reads it again. */
    synchronized void forgetToken() {
        close();
    }

    @Override
    public synchronized void close() {
        RegistryClient open = client;
        if (open != null) {
            client = null;
            open.close();
        }
    }

    private @Nullable BearerToken token() {
        return Files.exists(tokenFile) ? BearerToken.read(tokenFile) : null;
    }
}
