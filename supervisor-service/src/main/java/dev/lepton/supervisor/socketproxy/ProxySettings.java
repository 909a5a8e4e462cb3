package dev.lepton.supervisor.socketproxy;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What the proxy is told by its environment.
 *
 * @param socket of the engine, {@code LEPTON_ENGINE_SOCKET}
 * @param address where it listens, {@code LEPTON_ADDRESS} and {@code LEPTON_PORT}
 * @param project whose containers are touched, {@code LEPTON_PROJECT}; null for that of its own
 *     container
 * @param hostName by which the engine knows its own container, null outside of one
 */
record ProxySettings(
        Path socket,
        InetSocketAddress address,
        @Nullable String project,
        @Nullable String hostName) {

    private static final int ORDINARY_PORT = 2375;
    private static final Pattern PROJECT = Pattern.compile("[a-z0-9][a-z0-9_-]{0,127}");
    private static final Pattern PORT = Pattern.compile("\\d{1,5}");

    /**
     * @throws IllegalArgumentException when a setting is none
     */
    static ProxySettings of(Map<String, String> environment) {
        InetSocketAddress address =
                new InetSocketAddress(
                        or(environment, "LEPTON_ADDRESS", "127.0.0.1"),
                        port(or(environment, "LEPTON_PORT", "" + ORDINARY_PORT)));
        if (address.isUnresolved()) {
            throw new IllegalArgumentException(
                    "LEPTON_ADDRESS '%s' is no address of this machine"
                            .formatted(address.getHostString()));
        }
        return new ProxySettings(
                Path.of(or(environment, "LEPTON_ENGINE_SOCKET", "/var/run/docker.sock")),
                address,
                project(environment.get("LEPTON_PROJECT")),
                environment.get("HOSTNAME"));
    }

    private static String or(Map<String, String> environment, String name, String otherwise) {
        String value = environment.get(name);
        return value == null || value.isBlank() ? otherwise : value;
    }

    private static int port(String text) {
        int port = PORT.matcher(text).matches() ? Integer.parseInt(text) : 0;
        if (port < 1 || port > 65_535) {
            throw new IllegalArgumentException(
                    "LEPTON_PORT '%s' must be a port from 1 to 65535".formatted(text));
        }
        return port;
    }

    private static @Nullable String project(@Nullable String text) {
        if (text == null || text.isBlank()) {
            return null;
        }
        if (!PROJECT.matcher(text).matches()) {
            throw new IllegalArgumentException(
                    "LEPTON_PROJECT '%s' must be the name of a Compose project: lower-case letters, digits, '-' and '_'"
                            .formatted(text));
        }
        return text;
    }
}
