package dev.lepton.starter.unit;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The host under which the registry's side of the network reaches this process: the local end of a
 * connection to the registry, so that of several networks the right one is advertised. Loopback
 * when the registry is on loopback, without any connection.
 */
public final class AdvertisedHost {

    private static final String LOOPBACK = "127.0.0.1";

    private final @Nullable String configured;
    private final List<URI> registry;
    private final Duration patience;

    /**
     * @param configured the host to advertise whatever the route is; null to find it
     * @param patience for one connection to one of the registry's URLs
     */
    public AdvertisedHost(@Nullable String configured, List<URI> registry, Duration patience) {
        this.configured = configured;
        this.registry = List.copyOf(registry);
        this.patience = patience;
    }

    /** Blocks while it connects; empty while no URL of the registry accepts a connection. */
    public Optional<String> find() {
        if (configured != null) {
            return Optional.of(configured);
        }
        if (isLoopback(registry.getFirst().getHost())) {
            return Optional.of(LOOPBACK);
        }
        return registry.stream().map(this::localEndTowards).flatMap(Optional::stream).findFirst();
    }

    private Optional<String> localEndTowards(URI url) {
        try (Socket socket = new Socket()) {
            socket.connect(
                    new InetSocketAddress(url.getHost(), portOf(url)), (int) patience.toMillis());
            return Optional.of(withoutScope(socket.getLocalAddress().getHostAddress()));
        } catch (IOException e) {
            // This URL does not answer now; the next one may, else the caller tries again later.
            return Optional.empty();
        }
    }

    private static boolean isLoopback(String host) {
        if (host.equalsIgnoreCase("localhost")) {
            return true;
        }
        try {
            String literal = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
            return InetAddress.ofLiteral(literal).isLoopbackAddress();
        } catch (IllegalArgumentException e) {
            // A name: which address it has is shown by connecting.
            return false;
        }
    }

    private static int portOf(URI url) {
        if (url.getPort() > 0) {
            return url.getPort();
        }
        return "https".equals(url.getScheme()) ? 443 : 80;
    }

    private static String withoutScope(String address) {
        int scope = address.indexOf('%');
        return scope < 0 ? address : address.substring(0, scope);
    }
}
