package dev.lepton.gateway.evidence;

import dev.lepton.client.rest.BearerToken;
import dev.lepton.client.rest.RegistryClient;
import dev.lepton.client.rest.RegistryRefusal;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Calls the registry with the token as its file holds it, which may come into being after this
 * process and be exchanged.
 */
final class RegistryAccess implements AutoCloseable {

    private static final Duration TIMEOUT = Duration.ofSeconds(2);

    private final List<URI> urls;
    private final Supplier<@Nullable BearerToken> token;
    private @Nullable RegistryClient client;

    RegistryAccess(List<URI> urls, Supplier<@Nullable BearerToken> token) {
        this.urls = urls;
        this.token = token;
    }

    void call(Consumer<RegistryClient> what) {
        try {
            what.accept(client());
        } catch (RegistryRefusal.Unauthorized e) {
            // The next call reads the token again.
            close();
            throw e;
        }
    }

    private synchronized RegistryClient client() {
        RegistryClient open = client;
        if (open == null) {
            open = new RegistryClient(urls, token.get(), TIMEOUT);
            client = open;
        }
        return open;
    }

    @Override
    public synchronized void close() {
        RegistryClient open = client;
        if (open != null) {
            client = null;
            open.close();
        }
    }
}
